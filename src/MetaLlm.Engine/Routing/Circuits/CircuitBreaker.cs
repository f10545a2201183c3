using MetaLlm.Engine.Ports;
using Polly;
using Polly.CircuitBreaker;

namespace MetaLlm.Engine.Routing.Circuits;

/// <summary>The circuit breaker of one model at one upstream.</summary>
/// <remarks>
/// <para>
/// Polly's strategy holds the state, counts failed trials and asks for the length of each opening. It is told of verdicts only, one at a
/// time, because an execution of it cannot express what a model's calls need:
/// </para>
/// <list type="bullet">
/// <item>Its failure rate is over a time alone, which is slow under heavy traffic; here the last calls count, see <see cref="RecentResults"/>.</item>
/// <item>It takes every outcome that is no failure for a success. A client that leaves during the trial would close the circuit.</item>
/// <item>It closes on any success while half-open, also of a call that began before the circuit opened.</item>
/// <item>It never lengthens an opening, as a later <c>Retry-After</c> does.</item>
/// <item>It lets another trial pass after a fixed time; here the trial lasts as long as its answer.</item>
/// </list>
/// <para>Safe for concurrent use; nothing waits while the lock is held.</para>
/// </remarks>
internal sealed class CircuitBreaker
{
    /// <summary>Polly opens no circuit by fewer results than these.</summary>
    private const int FewestResults = 2;

    /// <summary>Calls that the failure rate is taken over at most.</summary>
    private const int MostResults = 50;

    private readonly Lock _gate = new();
    private readonly RoutingOptions _options;
    private readonly MonotonicClock _clock;
    private readonly Action<TimeSpan> _opened;
    private readonly OpenCircuits _open;
    private readonly SilenceMeter _silence = new();
    private readonly RecentResults _recent;
    private readonly ResiliencePipeline<bool> _strategy;
    private volatile bool _closed = true;
    private CircuitCall? _trial;
    private DateTimeOffset _openUntil;
    private TimeSpan _asked;
    private bool _failing;
    private int _openings;
    private long _lastEntered = long.MinValue;

    /// <param name="options">Thresholds and times.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="open">Counts this circuit while it is not closed.</param>
    /// <param name="opened">Is told for how long the circuit has opened.</param>
    public CircuitBreaker(RoutingOptions options, MonotonicClock clock, OpenCircuits open, Action<TimeSpan> opened)
    {
        _options = options;
        _clock = clock;
        _open = open;
        _opened = opened;
        _recent = new RecentResults(Math.Max(MostResults, 2 * options.FailureThreshold), options.FailureWindow);
        _strategy = new ResiliencePipelineBuilder<bool> { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<bool>
            {
                // It is told of failures alone while closed, and of those when they are to open it.
                FailureRatio = 1,
                MinimumThroughput = FewestResults,
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Result),
                BreakDurationGenerator = arguments => ValueTask.FromResult(OpenFor(arguments.HalfOpenAttempts)),
            })
            .Build();
    }

    public CircuitStatus Status
    {
        get
        {
            if (_closed)
            {
                return CircuitStatus.Closed;
            }

            lock (_gate)
            {
                var now = _clock.GetUtcNow();
                return _closed ? CircuitStatus.Closed
                    : now < _openUntil ? new CircuitStatus(CircuitState.Open, _openUntil - now, false)
                    : new CircuitStatus(CircuitState.HalfOpen, TimeSpan.Zero, _trial is null || HasPassed(_trial, now) || IsLost(_trial, now));
            }
        }
    }

    /// <summary>Whether a call has passed within the window of the failure rate.</summary>
    public bool IsInUse => _clock.GetUtcNow().UtcTicks - Volatile.Read(ref _lastEntered) is >= 0 and var ticks && ticks <= _options.FailureWindow.Ticks;

    /// <summary>Lets a call pass, or null.</summary>
    public CircuitCall? TryEnter(UpstreamTimeouts timeouts)
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            Volatile.Write(ref _lastEntered, now.UtcTicks);
            if (_closed)
            {
                return new CircuitCall(this, timeouts, _openings, now);
            }

            if (now < _openUntil)
            {
                return null;
            }

            if (_trial is { } trial && HasPassed(trial, now))
            {
                Close();
                return new CircuitCall(this, timeouts, _openings, now);
            }

            return _trial is null || IsLost(_trial, now) ? _trial = new CircuitCall(this, timeouts, _openings, now) : null;
        }
    }

    public void Sign() => _silence.Sign(_clock.GetUtcNow());

    public void Succeeded(CircuitCall call)
    {
        Sign();
        lock (_gate)
        {
            if (call.Opening != _openings)
            {
                return;
            }

            _recent.Add(failed: false, _clock.GetUtcNow());
            if (!_closed)
            {
                Close();
            }
        }
    }

    /// <summary>The upstream refused the request: it is there, which ends a trial well, but nothing else is known of it.</summary>
    public void Answered(CircuitCall call)
    {
        Sign();
        lock (_gate)
        {
            if (ReferenceEquals(_trial, call))
            {
                Close();
            }
        }
    }

    /// <summary>The call ended in a way that says nothing here.</summary>
    public void Released(CircuitCall call)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_trial, call))
            {
                _trial = null;
            }
        }
    }

    public void Failed(CircuitCall call, TimeSpan? retryAfter)
    {
        TimeSpan? opened;
        lock (_gate)
        {
            opened = Fail(call, retryAfter ?? TimeSpan.Zero);
        }

        Announce(opened);
    }

    public void Aborted(CircuitCall call)
    {
        TimeSpan? opened = null;
        lock (_gate)
        {
            var silent = _silence.GivenUp(call.Started, _clock.GetUtcNow());
            if (silent >= call.Timeouts.FirstByte)
            {
                opened = Fail(call, TimeSpan.Zero);
            }
            else if (ReferenceEquals(_trial, call))
            {
                _trial = null;
            }
        }

        Announce(opened);
    }

    /// <summary>An answer that has been coming for the first time of an opening is trial enough: others need not wait for its end.</summary>
    private bool HasPassed(CircuitCall trial, DateTimeOffset now) => trial.IsAnswering && now - trial.Started >= _options.CoolDown;

    /// <summary>No call takes longer than its total limit. A trial that nobody ended by then must not shut the model for ever.</summary>
    private static bool IsLost(CircuitCall trial, DateTimeOffset now) => now - trial.Started >= trial.Timeouts.Total;

    /// <returns>For how long the circuit has opened; null when it has not.</returns>
    private TimeSpan? Fail(CircuitCall call, TimeSpan asked)
    {
        var now = _clock.GetUtcNow();
        if (call.Opening != _openings)
        {
            // It began before the circuit opened: the same outage, not another one. What the upstream asks for counts all the same.
            if (!_closed && now + Bounded(asked) is var until && until > _openUntil)
            {
                _openUntil = until;
            }

            return null;
        }

        _recent.Add(failed: true, now);
        _failing = _recent.Failures >= _options.FailureThreshold && _recent.Failures >= _options.FailureRate * _recent.Calls;
        if (_closed && !_failing && asked == TimeSpan.Zero)
        {
            return null;
        }

        _asked = asked;
        if (_closed)
        {
            _open.Add(1);
        }

        for (var results = _closed ? FewestResults : 1; results > 0; results--)
        {
            Tell(failed: true);
        }

        _closed = false;
        _trial = null;
        _recent.Clear();
        _openings++;
        return _openUntil - now;
    }

    private void Close()
    {
        Tell(failed: false);
        _closed = true;
        _open.Add(-1);
        _trial = null;
        _recent.Clear();
    }

    private void Tell(bool failed) => _strategy.Execute(static (result, _) => result, failed);

    /// <summary>Asked by Polly as it opens the circuit.</summary>
    private TimeSpan OpenFor(int failedTrials)
    {
        var own = failedTrials == 0 && !_failing
            ? TimeSpan.Zero
            : Bounded(_options.CoolDown * Math.Pow(2, Math.Min(failedTrials, 20)));
        var duration = own > _asked ? own : Bounded(_asked);
        _openUntil = _clock.GetUtcNow() + duration;
        return duration;
    }

    private TimeSpan Bounded(TimeSpan duration) => duration < _options.MaxCoolDown ? duration : _options.MaxCoolDown;

    private void Announce(TimeSpan? opened)
    {
        if (opened is { } duration)
        {
            _opened(duration);
        }
    }
}
