using Microsoft.Extensions.Hosting;

namespace MetaLlm.Simulator;

/// <summary>
/// Leaves the process's signals to whoever owns the simulator: a host that drains its streams needs its upstream until it is done.
/// </summary>
internal sealed class OwnedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
