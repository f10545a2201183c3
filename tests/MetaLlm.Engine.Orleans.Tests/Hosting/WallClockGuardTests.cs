using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.TestKit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaLlm.Engine.Orleans.Tests.Hosting;

public sealed class WallClockGuardTests
{
    [Theory]
    [InlineData(-86_400, true)]
    [InlineData(-31, true)]
    [InlineData(-20, false)]
    [InlineData(86_400, false)]
    public async Task A_clock_that_is_set_back_stops_the_process_and_a_correction_or_a_leap_ahead_does_not(int seconds, bool stops)
    {
        using var time = new Clock();
        var lifetime = new Lifetime();
        var end = new End();
        using var guard = new WallClockGuard(time, lifetime, end, NullLogger<WallClockGuard>.Instance);
        await guard.StartAsync(default);
        await time.TickAsync();
        time.Manual.SetWallClock(TimeSpan.FromSeconds(seconds));
        await time.TickAsync();
        await (stops ? guard.ExecuteTask! : time.TickAsync());

        Assert.Equal(stops, lifetime.Stopped);
        await guard.StopAsync(default);
        Assert.False(end.Came);
        Assert.Equal(stops, guard.Ended is not null);
        if (guard.Ended is { } ended)
        {
            // A stop that waits for a timer which sleeps for a day would never end.
            time.FireLast();
            await ended;
            Assert.True(end.Came);
        }
    }

    private sealed class End : IFatalErrorHandler
    {
        public bool Came { get; private set; }

        public bool IsUnexpected(Exception exception) => true;

        public void OnFatalException(object? sender, string? context, Exception? exception) => Came = true;
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public bool Stopped { get; private set; }

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => Stopped = true;
    }

    /// <summary>Ticks when the test says so.</summary>
    private sealed class Clock : TimeProvider, IDisposable
    {
        private readonly SemaphoreSlim _looks = new(0);
        private Tick? _tick;

        public ManualTimeProvider Manual { get; } = new();

        public override long TimestampFrequency => Manual.TimestampFrequency;

        public override DateTimeOffset GetUtcNow()
        {
            _looks.Release();
            return Manual.GetUtcNow();
        }

        public override long GetTimestamp() => Manual.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _tick = new Tick(callback, state);

        public void FireLast() => _tick!.Fire();

        public async Task TickAsync()
        {
            // The look at the start, or the last one of the tick before.
            await _looks.WaitAsync();
            Manual.Advance(TimeSpan.FromSeconds(1));
            _tick!.Fire();
            await _looks.WaitAsync();
        }

        public void Dispose()
        {
            _tick?.Dispose();
            _looks.Dispose();
        }

        private sealed class Tick(TimerCallback callback, object? state) : ITimer
        {
            public void Fire() => callback(state);

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
