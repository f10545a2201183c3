namespace MetaLlm.Engine.Admission;

/// <summary>A node's slice of one rate limit. Times are seconds of a clock that never goes back. Not safe for concurrent use.</summary>
internal sealed class RateSlice
{
    // Asked again after so long: somebody else may have given something back.
    private const double LongestClosed = 1;
    private const double LeastRetry = 0.01;

    private readonly SlidingWindow _own = new();
    private readonly Dictionary<long, double> _corrections = [];
    private AllowanceShare _last;
    private double _lastAt;
    private double _closedUntil = double.NegativeInfinity;
    private double _stock;
    private double _needed;
    private double _least;

    /// <summary>Whether there is anything to say to the holder.</summary>
    public bool HasNews => _stock > 0 || _needed > 0 || _corrections.Count > 0;

    /// <summary>Whether calls wait for the holder's word.</summary>
    public bool IsNeeded => _needed > 0;

    /// <summary>What this node has used in the last minute.</summary>
    public double Used(double now) => _own.Used(now);

    /// <summary>Whether the slice has room.</summary>
    /// <param name="amount">What a call needs.</param>
    /// <param name="alone">The node's part of the limit while the holder is away; null while it is there.</param>
    /// <param name="now">Now.</param>
    public bool Covers(double amount, double? alone, double now) => _stock >= amount || (alone is { } part && _own.Used(now) + amount <= part);

    /// <summary>Takes what is covered. The holder is told what it has not granted.</summary>
    public void Take(double amount, double now)
    {
        _own.Add(now, amount);
        _stock -= amount;
        if (_stock < 0)
        {
            Add((long)Math.Floor(now), -_stock);
            _stock = 0;
        }
    }

    /// <summary>Undoes a take of this moment.</summary>
    public void GiveBack(double amount, double now)
    {
        _stock += amount;
        _own.Add(now, -amount);
    }

    /// <summary>More (above 0) or less was used than was taken.</summary>
    /// <param name="amount">The difference.</param>
    /// <param name="second">Second of the take.</param>
    /// <param name="now">Now.</param>
    public void Correct(double amount, long second, double now)
    {
        _own.Add(now, amount, (long)Math.Floor(now) - second);
        Add(second, amount);
    }

    /// <summary>A call waits for what it needs.</summary>
    public void Want(double amount)
    {
        _least = _needed > 0 ? Math.Min(_least, amount) : amount;
        _needed += amount;
    }

    /// <summary>Whether the holder has lately had less than was needed.</summary>
    public bool IsClosed(double now) => now < _closedUntil;

    /// <summary>What there is to say, as of now; it counts as said.</summary>
    /// <param name="giveBack">Whether what is in hand goes back.</param>
    /// <param name="history">Whether a new holder is to be told everything.</param>
    /// <param name="now">Now.</param>
    public AllowanceNeed Say(bool giveBack, bool history, double now)
    {
        if (giveBack && _stock > 0)
        {
            Add((long)Math.Floor(now), -_stock);
            _stock = 0;
        }

        var corrections = new double[history || _corrections.Count == 0 ? 0 : SlidingWindow.Length];
        foreach (var (second, amount) in _corrections)
        {
            var age = (long)Math.Floor(now) - second;
            if (age >= 0 && age < corrections.Length)
            {
                corrections[age] = amount;
            }
        }

        var need = new AllowanceNeed { Needed = _needed, Least = _least, Corrections = corrections, History = history ? _own.Recent(now) : [] };
        _corrections.Clear();
        _needed = 0;
        return need;
    }

    /// <summary>What was said did not arrive.</summary>
    public void Unsaid(AllowanceNeed need, double saidAt)
    {
        for (var age = 0; age < need.Corrections.Count; age++)
        {
            if (need.Corrections[age] != 0)
            {
                Add((long)Math.Floor(saidAt) - age, need.Corrections[age]);
            }
        }
    }

    /// <summary>Another holder knows nothing of what the one before has granted: what is needed is said again, with the history.</summary>
    public void Forget(AllowanceNeed said)
    {
        _corrections.Clear();
        _stock = 0;
        (_least, _needed) = (_needed > 0 ? Math.Min(_least, said.Least) : said.Least, _needed + said.Needed);
    }

    /// <summary>The holder's answer.</summary>
    public void Granted(AllowanceNeed need, AllowanceShare share, double now)
    {
        _stock += share.Granted;
        (_last, _lastAt) = (share, now);
        _closedUntil = share.Granted < need.Needed ? now + Math.Min(share.RetrySeconds, LongestClosed) : double.NegativeInfinity;
    }

    /// <summary>When a call may have room.</summary>
    public TimeSpan Retry(double amount, double limit, double? alone, double now)
    {
        var seconds = alone is { } part ? _own.Until(now, part - amount) : _last.RetrySeconds - (now - _lastAt);
        return TimeSpan.FromSeconds(Math.Max(LeastRetry, amount > limit ? 0 : seconds));
    }

    /// <summary>How the limit stands.</summary>
    public RateStatus Status(double limit, double? alone, double now) => alone is { } part
        ? new RateStatus(limit, Math.Clamp(part - _own.Used(now), 0, limit), TimeSpan.FromSeconds(_own.Until(now, 0)))
        : new RateStatus(limit, Math.Clamp(_last.Left + _stock, 0, limit), TimeSpan.FromSeconds(Math.Max(_own.Until(now, 0), _last.ResetSeconds - (now - _lastAt))));

    private void Add(long second, double amount) => _corrections[second] = _corrections.GetValueOrDefault(second) + amount;
}
