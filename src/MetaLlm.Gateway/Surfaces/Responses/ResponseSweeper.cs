using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Batches;
using MetaLlm.Gateway.Idempotency;
using MetaLlm.Gateway.RequestLog;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>Deletes responses, answers, logged requests, files and batches that are kept no more, once an hour. Several gateways may do so at once.</summary>
internal sealed partial class ResponseSweeper(ResponseHistory history, AnswerKeeper answers, RequestLogRetention requests, BatchServices batches, TimeProvider time, ILogger<ResponseSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await history.SweepAsync(stoppingToken).ConfigureAwait(false);
                await answers.SweepAsync(stoppingToken).ConfigureAwait(false);
                await requests.SweepAsync(stoppingToken).ConfigureAwait(false);
                await batches.SweepAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (EngineUnavailableException e)
            {
                // What is old is told to nobody meanwhile, and goes the next time.
                LogAway(logger, e.Message);
            }
        }
    }

    [LoggerMessage(5401, LogLevel.Warning, "Old responses, answers, logged requests, files and batches could not be deleted; it is tried again in an hour. {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);
}
