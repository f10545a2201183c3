namespace MetaLlm.Engine.Admission;

/// <summary>
/// An allowance as its holder keeps it: what was granted in the last minute, and which nodes hold parallel calls. Grants never exceed a limit. A node gets
/// what its calls need, and a little more, so that it need not ask for each; what it does not use within a second it gives back.
/// </summary>
/// <remarks>
/// A pure state; times are seconds of a clock that never goes back. Not safe for concurrent use. A node may use a grant up to a second later than it
/// was counted, so that all nodes together pass a limit by what they had in hand then: at most <see cref="SpareShare"/> of it, and never more than half of what was left.
/// </remarks>
/// <param name="term">Another one for every holder of the same allowance, not 0.</param>
internal sealed class SharedAllowance(long term)
{
    /// <summary>The share of a limit that all nodes together may hold for calls to come; half of it is the most for one.</summary>
    public const double SpareShare = 0.1;

    // A node reports each second: one that was not heard of for so long is gone, and its calls with it.
    private const double NodeLife = 10;

    private readonly SlidingWindow _requests = new();
    private readonly SlidingWindow _tokens = new();
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);

    /// <summary>Takes a node's report and answers it.</summary>
    /// <param name="report">The report.</param>
    /// <param name="now">Now, seconds.</param>
    public AllowanceGrant Renew(AllowanceReport report, double now)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Term != 0 && report.Term != term && report.Requests.History.Count + report.Tokens.History.Count == 0)
        {
            return new AllowanceGrant(term, WantsHistory: true, 0, default, default, 0, 0);
        }

        Remember(report, now);
        var requests = Take(_requests, report.Limits.RequestsPerMinute, report.Requests, report.IsActive, isWhole: true, now);
        var tokens = Take(_tokens, report.Limits.TokensPerMinute, report.Tokens, report.IsActive, isWhole: false, now);
        var (calls, left) = TakeCalls(report);
        return new AllowanceGrant(term, WantsHistory: false, Math.Max(1, _nodes.Count), requests, tokens, calls, left);
    }

    /// <summary>Whether no node has calls, and nothing was granted in the last minute.</summary>
    /// <param name="now">Now, seconds.</param>
    public bool IsUnused(double now) => _nodes.Values.All(node => now - node.Seen > NodeLife) && _requests.Used(now) == 0 && _tokens.Used(now) == 0;

    private void Remember(AllowanceReport report, double now)
    {
        foreach (var (name, node) in _nodes)
        {
            if (now - node.Seen > NodeLife)
            {
                _nodes.Remove(name);
            }
        }

        if (report.IsActive)
        {
            _nodes[report.Node] = new Node(now, report.CallsHeld);
        }
        else
        {
            _nodes.Remove(report.Node);
        }
    }

    private AllowanceShare Take(SlidingWindow window, long? limit, AllowanceNeed need, bool isActive, bool isWhole, double now)
    {
        AddAll(window, need.History, now);
        AddAll(window, need.Corrections, now);
        if (limit is not { } most)
        {
            return default;
        }

        var left = Math.Max(0, most - window.Used(now));
        var granted = Math.Min(need.Needed, left);
        var spare = isActive ? Spare(most, left - granted) : 0;
        granted = isWhole ? Math.Floor(granted) + Math.Floor(spare) : granted + spare;
        window.Add(now, granted);
        return new AllowanceShare(granted, Math.Max(0, most - window.Used(now)), window.Until(now, 0), window.Until(now, most - Math.Max(1, need.Least)));
    }

    private double Spare(double most, double left) => Math.Min(most * SpareShare / Math.Max(2, _nodes.Count), left / (2 * Math.Max(1, _nodes.Count)));

    private static void AddAll(SlidingWindow window, IReadOnlyList<double> amounts, double now)
    {
        for (var age = 0; age < amounts.Count; age++)
        {
            if (amounts[age] != 0)
            {
                window.Add(now, amounts[age], age);
            }
        }
    }

    private (int Granted, int Left) TakeCalls(AllowanceReport report)
    {
        if (report.Limits.ParallelCalls is not { } most)
        {
            return (0, 0);
        }

        var left = Math.Max(0, most - _nodes.Values.Sum(node => node.Calls));
        if (!report.IsActive)
        {
            return (0, left);
        }

        var granted = Math.Min(report.CallsNeeded, left);
        granted += (int)Spare(most, left - granted);
        _nodes[report.Node] = new Node(_nodes[report.Node].Seen, report.CallsHeld + granted);
        return (granted, left - granted);
    }

    private readonly record struct Node(double Seen, int Calls);
}
