namespace MetaLlm.Simulator.Tests;

/// <summary>A clock that stands still until it is moved; one wait at a time.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly TaskCompletionSource<TimeSpan> _wait = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private Action? _due;
    private long _ticks;

    /// <summary>How long the first waiter wants to wait.</summary>
    public Task<TimeSpan> NextWait => _wait.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(Volatile.Read(ref _ticks));

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public void Advance(TimeSpan span)
    {
        Interlocked.Add(ref _ticks, span.Ticks);
        Interlocked.Exchange(ref _due, null)?.Invoke();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _due = () => callback(state);
        _wait.TrySetResult(dueTime);
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
