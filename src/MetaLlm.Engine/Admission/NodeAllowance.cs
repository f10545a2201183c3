namespace MetaLlm.Engine.Admission;

/// <summary>
/// A node's part of one allowance. Calls take from what is in hand; when that is not enough, they wait together for the holder's word. What the holder
/// refuses is refused here for a moment without asking. While the holder is away, the node goes on with an even part of the limits.
/// </summary>
/// <remarks>Safe for concurrent use. No lock is held while the holder is asked.</remarks>
internal sealed partial class NodeAllowance(string scope, string node, IAllowanceHolder holder, TimeProvider time, Action<Exception> away)
{
    /// <summary>How long a call waits for the holder's word; after that the holder counts as away.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Calls that arrive while the holder is asked take part of what others have asked for.
    private const int MostQuestions = 4;
    private const double FirstOutput = 500;
    private const double OutputWeight = 0.1;

    private readonly Lock _gate = new();
    private readonly RateSlice _requests = new();
    private readonly RateSlice _tokens = new();
    private AdmissionLimits _limits = AdmissionLimits.None;
    private Task? _renewal;
    private long _term;
    private int _nodes = 1;
    private int _callsHeld;
    private int _callsInUse;
    private int _callsNeeded;
    private double _callsClosedUntil = double.NegativeInfinity;
    private double _output = FirstOutput;
    private bool _away;
    private bool _used;
    private bool _retired;

    private double Now => (double)time.GetTimestamp() / time.TimestampFrequency;

    /// <summary>Tokens that an answer may have where the client sets no limit: what answers had lately.</summary>
    public double ExpectedOutput => Volatile.Read(ref _output);

    /// <summary>Puts limits in force, and keeps the object in use until the next tick.</summary>
    /// <returns>False when it has been retired: another one takes its place.</returns>
    public bool Touch(AdmissionLimits limits)
    {
        lock (_gate)
        {
            if (_retired)
            {
                return false;
            }

            (_limits, _used) = (limits, true);
            return true;
        }
    }

    /// <summary>Takes what a call needs, all or nothing.</summary>
    /// <returns>Null, or what there is no room for.</returns>
    public ValueTask<AdmissionRefusal?> TakeAsync(Demand demand, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (TryTake(demand))
            {
                return default;
            }
        }

        return new ValueTask<AdmissionRefusal?>(AskAsync(demand, cancellationToken));
    }

    /// <summary>Undoes a take of this moment.</summary>
    public void GiveBack(Demand demand)
    {
        lock (_gate)
        {
            var now = Now;
            _callsInUse -= demand.Calls;
            if (_limits.RequestsPerMinute is not null)
            {
                _requests.GiveBack(demand.Requests, now);
            }

            if (_limits.TokensPerMinute is not null)
            {
                _tokens.GiveBack(demand.Tokens, now);
            }
        }
    }

    /// <summary>A call has ended.</summary>
    public void End()
    {
        lock (_gate)
        {
            _callsInUse--;
        }
    }

    /// <summary>A call has used other tokens than it took.</summary>
    public void Correct(double difference, double output, long second)
    {
        lock (_gate)
        {
            if (output > 0)
            {
                _output += OutputWeight * (output - _output);
            }

            if (_limits.TokensPerMinute is not null)
            {
                _tokens.Correct(difference, second, Now);
            }
        }
    }

    /// <summary>How the rate limits stand; null for one that there is not.</summary>
    public (RateStatus? Requests, RateStatus? Tokens) Status()
    {
        lock (_gate)
        {
            var now = Now;
            return (
                _limits.RequestsPerMinute is { } requests ? _requests.Status(requests, Alone(requests), now) : null,
                _limits.TokensPerMinute is { } tokens ? _tokens.Status(tokens, Alone(tokens), now) : null);
        }
    }

    /// <summary>Renews the slice; called each second.</summary>
    /// <returns>The renewal, or a completed task; null when nothing is used any more, and the object is retired.</returns>
    public Task? Tick()
    {
        lock (_gate)
        {
            var now = Now;
            if (_renewal is { } running)
            {
                return running;
            }

            if (_used || _callsHeld > 0 || _callsInUse > 0 || _requests.HasNews || _tokens.HasNews)
            {
                return _renewal = Task.Run(() => RenewAsync(giveBack: true));
            }

            _retired = _requests.Used(now) == 0 && _tokens.Used(now) == 0;
            return _retired ? null : Task.CompletedTask;
        }
    }

    private async Task<AdmissionRefusal?> AskAsync(Demand demand, CancellationToken cancellationToken)
    {
        for (var asked = 0; ; asked++)
        {
            Task renewal;
            lock (_gate)
            {
                if (TryTake(demand))
                {
                    return null;
                }

                if (Refuse(demand, isLast: asked == MostQuestions) is { } refusal)
                {
                    return refusal;
                }

                Want(demand);
                // Others wait for it too.
                renewal = _renewal ??= Task.Run(() => RenewAsync(giveBack: false), CancellationToken.None);
            }

            await renewal.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private double? Alone(double limit) => _away ? limit / _nodes : null;

    private bool TryTake(Demand demand)
    {
        var now = Now;
        if (!CoversRequests(demand, now) || !CoversTokens(demand, now) || !CoversCalls(demand))
        {
            return false;
        }

        _used = true;
        _callsInUse += demand.Calls;
        if (_limits.RequestsPerMinute is not null)
        {
            _requests.Take(demand.Requests, now);
        }

        if (_limits.TokensPerMinute is not null)
        {
            _tokens.Take(demand.Tokens, now);
        }

        return true;
    }

    private bool CoversRequests(Demand demand, double now) =>
        demand.Requests == 0 || _limits.RequestsPerMinute is not { } limit || _requests.Covers(demand.Requests, Alone(limit), now);

    private bool CoversTokens(Demand demand, double now) =>
        demand.Tokens == 0 || _limits.TokensPerMinute is not { } limit || _tokens.Covers(demand.Tokens, Alone(limit), now);

    private bool CoversCalls(Demand demand) =>
        demand.Calls == 0 || _limits.ParallelCalls is not { } limit || _callsInUse + demand.Calls <= Math.Max(_callsHeld, _away ? Math.Max(1, limit / _nodes) : 0);

    /// <summary>The first limit that has no room, where asking would not help.</summary>
    private AdmissionRefusal? Refuse(Demand demand, bool isLast)
    {
        var now = Now;
        if (!CoversRequests(demand, now) && (isLast || _away || _requests.IsClosed(now)))
        {
            return Refuse(AdmissionLimit.Requests, _requests, _limits.RequestsPerMinute!.Value, demand.Requests, now);
        }

        if (!CoversTokens(demand, now) && (isLast || _away || _tokens.IsClosed(now) || demand.Tokens > _limits.TokensPerMinute))
        {
            return Refuse(AdmissionLimit.Tokens, _tokens, _limits.TokensPerMinute!.Value, demand.Tokens, now);
        }

        return !CoversCalls(demand) && (isLast || _away || now < _callsClosedUntil)
            ? new AdmissionRefusal(AdmissionLimit.ParallelCalls, _limits.ParallelCalls!.Value, _limits.ParallelCalls.Value, demand.Calls, Patience)
            : null;
    }

    private AdmissionRefusal Refuse(AdmissionLimit kind, RateSlice slice, double limit, double amount, double now)
    {
        var status = slice.Status(limit, Alone(limit), now);
        return new AdmissionRefusal(kind, limit, limit - status.Remaining, amount, amount > limit ? null : slice.Retry(amount, limit, Alone(limit), now));
    }

    private void Want(Demand demand)
    {
        var now = Now;
        if (!CoversRequests(demand, now))
        {
            _requests.Want(demand.Requests);
        }

        if (!CoversTokens(demand, now))
        {
            _tokens.Want(demand.Tokens);
        }

        if (!CoversCalls(demand))
        {
            _callsNeeded += demand.Calls;
        }
    }
}
