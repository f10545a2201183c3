using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Ends a silo whose wall clock was set back, so that it is started anew.</summary>
/// <remarks>
/// Orleans' timers wait by the wall clock. After it was set back by a day they sleep for a day: the silo answers no probe and notices no vote, and looks healthy from outside.
/// A clock that is set forward harms nothing of the kind.
/// </remarks>
/// <param name="time">The wall clock, and the one that cannot be set.</param>
/// <param name="lifetime">Stops the process.</param>
/// <param name="logger">Says why.</param>
internal sealed partial class WallClockGuard(TimeProvider time, IHostApplicationLifetime lifetime, ILogger<WallClockGuard> logger) : BackgroundService
{
    /// <summary>How far back is too far: longer than a clock is corrected by in steps, shorter than timers may sleep unnoticed.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        var (wall, mark) = (time.GetUtcNow(), time.GetTimestamp());
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            var back = wall + time.GetElapsedTime(mark) - time.GetUtcNow();
            if (back > Tolerance)
            {
                LogSetBack(back.TotalSeconds);
                lifetime.StopApplication();
                return;
            }

            // Small corrections are no sum: what was waited for meanwhile is over.
            (wall, mark) = (time.GetUtcNow(), time.GetTimestamp());
        }
    }

    [LoggerMessage(2224, LogLevel.Critical, "The clock of this machine was set back by {Seconds} seconds, after which timers of the silo may sleep for as long. The process stops, to be started again.")]
    private partial void LogSetBack(double seconds);
}
