namespace MetaLlm.Engine.Admission;

/// <summary>
/// A queue in front of work of which only so much is done at once. Tenants take turns, so that one with many calls delays its own alone. A call
/// that would wait too long is turned away when it comes, which keeps the server working for those who still wait.
/// </summary>
/// <remarks>
/// <para>
/// The wait is predicted from the calls ahead and from how fast calls have left lately. A tenant's calls are served in the order in which they
/// came. Where clients leave before their turn, the newest one goes first for a while: the others are likely to leave too.
/// </para>
/// <para>Safe for concurrent use. While nobody waits, entering takes one short lock and allocates nothing.</para>
/// </remarks>
public sealed partial class FairConcurrencyLimiter
{
    // Predictions err: who is let in shall not meet the limit itself.
    private const double Margin = 0.8;
    private const double LongestRetrySeconds = 30;

    private readonly Lock _gate = new();
    private readonly int _places;
    private readonly TimeSpan _longestWait;
    private readonly TimeProvider _time;
    private readonly AdmissionMetrics _metrics;
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly Queue<(string Tenant, Line Line)> _turns = new();
    private readonly ServiceRate _rate;
    private int _running;
    private int _waiting;

    /// <summary>Creates the queue.</summary>
    /// <param name="places">Calls that are served at once, at least 1.</param>
    /// <param name="longestWait">Longest wait for a place, above 0.</param>
    /// <param name="time">The clock.</param>
    /// <param name="metrics">Counts and times.</param>
    public FairConcurrencyLimiter(int places, TimeSpan longestWait, TimeProvider time, AdmissionMetrics metrics)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(places, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(longestWait, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(metrics);
        (_places, _longestWait, _time, _metrics) = (places, longestWait, time, metrics);
        _rate = new ServiceRate(time);
        metrics.Watch(() => Waiting);
    }

    /// <summary>Calls that wait for a place.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether another call of a tenant would be turned away now. It takes no lock while nobody waits.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="retryAfter">When the wait may be short enough again; zero when it is.</param>
    public bool IsOverloaded(string tenant, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (Waiting == 0)
        {
            return false;
        }

        lock (_gate)
        {
            return IsTooLong(tenant, out retryAfter);
        }
    }

    /// <summary>Waits for a place. Whoever gets one gives it back by <see cref="Leave"/>.</summary>
    /// <param name="tenant">Whose call it is.</param>
    /// <param name="cancellationToken">Ends the wait: the call leaves the queue, and no work is done for it.</param>
    /// <exception cref="OverloadedException">The call would wait too long, or has.</exception>
    public ValueTask EnterAsync(string tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        Waiter waiter;
        lock (_gate)
        {
            if (_running < _places)
            {
                _running++;
                return ValueTask.CompletedTask;
            }

            if (IsTooLong(tenant, out var retryAfter))
            {
                _metrics.Shed(ShedReason.Queue);
                throw new OverloadedException(retryAfter);
            }

            waiter = Join(tenant);
        }

        return new ValueTask(WaitAsync(waiter, cancellationToken));
    }

    /// <summary>Gives a place back; the next tenant's turn has come.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _rate.Served();
            if (_waiting == 0)
            {
                _running--;
                return;
            }

            var (tenant, line) = _turns.Dequeue();
            var next = line.Take(_time.GetTimestamp());
            Left();
            if (line.Count > 0)
            {
                _turns.Enqueue((tenant, line));
            }
            else
            {
                _lines.Remove(tenant);
            }

            next.Turn.TrySetResult();
        }
    }

    private async Task WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        try
        {
            await waiter.Turn.Task.WaitAsync(_longestWait, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (GiveUp(waiter))
            {
                _metrics.Shed(ShedReason.Wait);
                throw new OverloadedException(_longestWait);
            }
        }
        catch (OperationCanceledException)
        {
            if (!GiveUp(waiter))
            {
                Leave();
            }

            _metrics.Abandoned();
            throw;
        }

        _metrics.Waited(_time.GetElapsedTime(waiter.Since));
    }

    private Waiter Join(string tenant)
    {
        var now = _time.GetTimestamp();
        if (!_lines.TryGetValue(tenant, out var line))
        {
            line = new Line();
            _lines.Add(tenant, line);
            _turns.Enqueue((tenant, line));
        }

        if (_waiting++ == 0)
        {
            _rate.Busy();
        }

        return line.Add(tenant, now);
    }

    /// <returns>False when the waiter's turn has come at the same moment: it has a place.</returns>
    private bool GiveUp(Waiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Place is null)
            {
                return false;
            }

            var line = _lines[waiter.Tenant];
            line.Remove(waiter);
            line.NewestFirstUntil = _time.GetTimestamp() + (long)(_longestWait.TotalSeconds * _time.TimestampFrequency);
            Left();
            if (line.Count == 0)
            {
                _lines.Remove(waiter.Tenant);
                ForgetTurn(line);
            }

            return true;
        }
    }

    /// <summary>Takes a line out of the turns, which keep their order.</summary>
    private void ForgetTurn(Line empty)
    {
        for (var left = _turns.Count; left > 0; left--)
        {
            var turn = _turns.Dequeue();
            if (turn.Line != empty)
            {
                _turns.Enqueue(turn);
            }
        }
    }

    private void Left()
    {
        if (--_waiting == 0)
        {
            _rate.Idle();
        }
    }

    private bool IsTooLong(string tenant, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (_running < _places)
        {
            return false;
        }

        // Every other tenant has a turn before each of this one's calls.
        long own = _lines.TryGetValue(tenant, out var line) ? line.Count : 0;
        var others = _lines.Count - (line is null ? 0 : 1);
        var ahead = Math.Min(_waiting, own + (others * (own + 1)));
        var wait = Math.Max((ahead + 1) * _rate.Interval, _rate.Still.TotalSeconds);
        if (wait <= Margin * _longestWait.TotalSeconds)
        {
            return false;
        }

        retryAfter = TimeSpan.FromSeconds(Math.Min(wait, LongestRetrySeconds));
        return true;
    }
}
