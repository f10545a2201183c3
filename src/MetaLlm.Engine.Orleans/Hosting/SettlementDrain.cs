using MetaLlm.Engine.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>
/// Lets the settlements that are on their way arrive before a silo or a client stops, wherever among the services it was added: hosted services are
/// stopped in the order of their addition, backwards.
/// </summary>
internal sealed class SettlementDrain(IServiceProvider services) : ILifecycleParticipant<ISiloLifecycle>, ILifecycleParticipant<IClusterClientLifecycle>
{
    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => Subscribe(lifecycle);

    /// <inheritdoc/>
    public void Participate(IClusterClientLifecycle lifecycle) => Subscribe(lifecycle);

    // What starts last stops first.
    private void Subscribe(ILifecycleObservable lifecycle) =>
        lifecycle.Subscribe(nameof(SettlementDrain), ServiceLifecycleStage.Last, _ => Task.CompletedTask, StopAsync);

    private Task StopAsync(CancellationToken cancellationToken) =>
        services.GetService<PendingSettlements>()?.StopAsync(cancellationToken) ?? Task.CompletedTask;
}
