namespace MetaLlm.Simulator.Http;

/// <summary>
/// Lets simulated time pass. It waits against one running deadline, so that many small steps add up to the right whole
/// however coarse the timer is.
/// </summary>
internal sealed class Pacer(TimeProvider time, double timeScale)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _due;

    /// <summary>Waits for a span of simulated time.</summary>
    public Task PassAsync(TimeSpan simulated, CancellationToken cancellationToken) => WaitAsync(simulated * timeScale, cancellationToken);

    /// <summary>Waits for a span that the time scale does not shorten.</summary>
    public Task WaitAsync(TimeSpan real, CancellationToken cancellationToken)
    {
        _due += real;
        var left = _due - time.GetElapsedTime(_start);
        return real > TimeSpan.Zero && left >= Shortest ? Task.Delay(left, time, cancellationToken) : Task.CompletedTask;
    }
}
