using MetaLlm.Engine.Admission;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Gateway.Tests.Admission;

/// <summary>Clients that ask, wait as long as their patience lasts, and ask again, against the limiter and a clock that is moved on step by step.</summary>
internal sealed class ClientStorm
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly FairConcurrencyLimiter _limiter;
    private readonly FakeTimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly bool _heedsRetryAfter;
    private readonly PriorityQueue<long, long> _asking = new();
    private readonly Dictionary<Task, (CancellationTokenSource Leaving, long Asked)> _waiting = [];
    private readonly PriorityQueue<long, long> _served = new();
    private readonly PriorityQueue<long, long> _answered = new();

    public ClientStorm(FairConcurrencyLimiter limiter, FakeTimeProvider time, int clients, TimeSpan patience, bool heedsRetryAfter)
    {
        (_limiter, _time, _patience, _heedsRetryAfter) = (limiter, time, patience, heedsRetryAfter);
        for (var i = 0; i < clients; i++)
        {
            _asking.Enqueue(i, Now);
        }
    }

    public int Answered { get; private set; }

    public int TurnedAway { get; private set; }

    public int Left { get; private set; }

    private long Now => _time.GetTimestamp();

    /// <param name="length">How long it lasts.</param>
    /// <param name="service">How long each place is taken.</param>
    /// <param name="afterwards">How long the rest of an answer takes.</param>
    public async Task RunAsync(TimeSpan length, TimeSpan service, TimeSpan afterwards)
    {
        for (var end = Now + length.Ticks; Now < end; _time.Advance(Step))
        {
            await TakeTurnsAsync(service);
            await LeaveAsync();
            while (_served.TryPeek(out var asked, out var at) && at <= Now)
            {
                _served.Dequeue();
                _answered.Enqueue(asked, at + afterwards.Ticks);
                var turn = _limiter.Waiting > 0;
                _limiter.Leave();
                if (turn)
                {
                    await Task.WhenAny(_waiting.Keys).WaitAsync(Longest);
                    await TakeTurnsAsync(service);
                }
            }

            while (_answered.TryPeek(out var asked, out var at) && at <= Now)
            {
                _answered.Dequeue();
                Answered += Now - asked <= _patience.Ticks ? 1 : 0;
                _asking.Enqueue(0, Now);
            }

            Ask(service);
        }
    }

    private void Ask(TimeSpan service)
    {
        while (_asking.TryPeek(out _, out var at) && at <= Now)
        {
            _asking.Dequeue();
            var leaving = new CancellationTokenSource();
            try
            {
                var entering = _limiter.EnterAsync("t", leaving.Token);
                if (entering.IsCompletedSuccessfully)
                {
                    _served.Enqueue(Now, Now + service.Ticks);
                }
                else
                {
                    _waiting.Add(entering.AsTask(), (leaving, Now));
                }
            }
            catch (OverloadedException e)
            {
                TurnedAway++;
                _asking.Enqueue(0, Now + (_heedsRetryAfter ? Math.Max(TimeSpan.TicksPerSecond, e.RetryAfter.Ticks) : 10 * Step.Ticks));
            }
        }
    }

    private async Task TakeTurnsAsync(TimeSpan service)
    {
        // What the clock has ended ends before anything else happens.
        foreach (var (task, (_, asked)) in _waiting.Where(w => w.Value.Asked + TimeSpan.TicksPerSecond <= Now))
        {
            await ((Task)task.WaitAsync(Longest)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (var (task, (leaving, asked)) in _waiting.Where(w => w.Key.IsCompleted).ToList())
        {
            _waiting.Remove(task);
            leaving.Dispose();
            if (task.IsCompletedSuccessfully)
            {
                _served.Enqueue(asked, Now + service.Ticks);
            }
            else
            {
                TurnedAway++;
                _asking.Enqueue(0, Now + Step.Ticks);
            }
        }
    }

    private async Task LeaveAsync()
    {
        foreach (var (task, (leaving, asked)) in _waiting.Where(w => w.Value.Asked + _patience.Ticks <= Now).ToList())
        {
            await leaving.CancelAsync();
            await ((Task)task.WaitAsync(Longest)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            leaving.Dispose();
            _waiting.Remove(task);
            Left++;
            _asking.Enqueue(0, Now + Step.Ticks);
        }
    }
}
