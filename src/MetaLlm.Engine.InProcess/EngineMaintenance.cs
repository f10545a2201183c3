using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.InProcess;

/// <summary>Looks after the engine at an interval, and drains it when the application stops.</summary>
internal sealed class EngineMaintenance(InProcessTenantEngine engine, IOptions<InProcessEngineOptions> options, TimeProvider time)
    : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await engine.DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.MaintenanceInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            await engine.MaintainAsync(stoppingToken).ConfigureAwait(false);
        }
    }
}
