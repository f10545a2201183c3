namespace MetaLlm.Engine.Routing.Circuits;

/// <summary>Tells the time since its creation as if it were a date, so that a wall clock that is set neither lengthens nor shortens a wait.</summary>
/// <remarks>Polly's strategy measures with <see cref="GetUtcNow"/>.</remarks>
internal sealed class MonotonicClock(TimeProvider time) : TimeProvider
{
    private readonly long _origin = time.GetTimestamp();

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + time.GetElapsedTime(_origin);

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
