using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Ends a silo whose wall clock was set back, so that it is started anew.</summary>
/// <remarks>
/// Orleans' timers wait by the wall clock. After it was set back by a day they sleep for a day: the silo answers no probe and notices no vote, and looks healthy from outside.
/// A clock that is set forward harms nothing of the kind. The process is asked to stop, and ended where it has not within <see cref="Grace"/>: what waits for such timers does not end.
/// </remarks>
/// <param name="time">The wall clock, and the one that cannot be set.</param>
/// <param name="lifetime">Stops the process.</param>
/// <param name="fatal">Ends it.</param>
/// <param name="logger">Says why.</param>
internal sealed partial class WallClockGuard(TimeProvider time, IHostApplicationLifetime lifetime, IFatalErrorHandler fatal, ILogger<WallClockGuard> logger) : BackgroundService
{
    /// <summary>How far back is too far: longer than a clock is corrected by in steps, shorter than timers may sleep unnoticed.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);

    /// <summary>How long a stop may take. It is measured by the clock that cannot be set.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Comes to its end when the process should have; null while all is well.</summary>
    internal Task? Ended { get; private set; }

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
                Ended = EndAsync();
                lifetime.StopApplication();
                return;
            }

            // Small corrections are no sum: what was waited for meanwhile is over.
            (wall, mark) = (time.GetUtcNow(), time.GetTimestamp());
        }
    }

    private async Task EndAsync()
    {
        await Task.Delay(Grace, time).ConfigureAwait(false);
        fatal.OnFatalException(this, "The clock of this machine was set back, and the process did not stop by itself.", exception: null);
    }

    [LoggerMessage(2224, LogLevel.Critical, "The clock of this machine was set back by {Seconds} seconds, after which timers of the silo may sleep for as long. The process stops, to be started again.")]
    private partial void LogSetBack(double seconds);
}
