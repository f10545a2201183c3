using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Reminds the cluster now and then to let old decisions go. Every silo does; the cluster does it once.</summary>
internal sealed partial class RetentionService(IGrainFactory grains, IOptions<RetentionOptions> options, ILogger<RetentionService> logger) : BackgroundService
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(5);

    private readonly ILogger _logger = logger;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Days is null && options.Value.AuditDays is null)
        {
            return;
        }

        var period = options.Value.Period;
        try
        {
            await Task.Delay(period < LongestStart ? period : LongestStart, stoppingToken).ConfigureAwait(false);
            using var timer = new PeriodicTimer(period);
            do
            {
                await RunAsync(stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            await grains.GetGrain<IRetentionGrain>(0).RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(error);
        }
    }

    [LoggerMessage(2223, LogLevel.Warning, "Old decisions could not be looked for; the next look is in a while.")]
    private partial void LogFailed(Exception error);
}
