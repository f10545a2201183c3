using MetaLlm.Engine.Journal;

namespace MetaLlm.Storage.Search;

/// <summary>The ordinals that a search looks at.</summary>
internal sealed class DecisionSearchRange(DecisionSearchQuery query, long first, long end)
{
    private readonly List<DecisionSummary> _found = [];

    /// <summary>The lowest ordinal.</summary>
    public long Low { get; } = Math.Max(first, Math.Min(end, query.Before ?? end) - query.LookAt);

    /// <summary>The ordinal after the highest.</summary>
    public long High { get; } = Math.Min(end, query.Before ?? end);

    /// <summary>What the questions are asked with.</summary>
    public object Parameters => new
    {
        owner = query.Owner,
        low = Low,
        high = High,
        from = query.From?.UtcTicks ?? 0,
        to = query.To?.UtcTicks ?? long.MaxValue,
        arm = query.Arm,
        limit = query.Limit,
    };

    /// <summary>What was found, and where to go on.</summary>
    public DecisionSearchPage Page
    {
        get
        {
            var looked = _found.Count < query.Limit ? Low : _found[^1].Ordinal;
            return new DecisionSearchPage(_found, looked > first ? looked : null);
        }
    }

    /// <summary>Takes a decision, if its task fits.</summary>
    /// <param name="row">The decision; each is older than the one before.</param>
    /// <returns>Whether there is room for more.</returns>
    public bool Add(DecisionSearchRow row)
    {
        if (query.Task is null || row.Task == query.Task)
        {
            _found.Add(row.ToSummary());
        }

        return _found.Count < query.Limit;
    }
}
