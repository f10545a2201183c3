namespace MetaLlm.Core.Arms;

/// <summary>What an operator expects of a model before it was called: how good its answers are, from public boards or own evaluations. Rewards overrule it.</summary>
public sealed record ModelCard
{
    /// <summary>Least weight of a card.</summary>
    public const double LeastWeight = 1;

    /// <summary>Largest weight of a card: with more, rewards could not overrule it within a few hundred requests.</summary>
    public const double LargestWeight = 200;

    /// <summary>Most tasks that a card tells of.</summary>
    public const int MostTasks = 24;

    /// <summary>How many rewards the card counts as, 1 to 200.</summary>
    public double Weight { get; init; } = 20;

    /// <summary>Mean reward over all requests, 0 to 1; null for the mean of <see cref="ByTask"/>.</summary>
    public double? Quality { get; init; }

    /// <summary>Mean reward by the task that callers tag requests with, 0 to 1, of 24 tasks at most; a task that is missing is expected to be like all requests.</summary>
    public IReadOnlyDictionary<string, double> ByTask
    {
        get;
        init => field = value is null ? new Dictionary<string, double>() : new SortedDictionary<string, double>(value.ToDictionary(), StringComparer.Ordinal);
    }
    = new Dictionary<string, double>();

    /// <summary>How many tenants' rewards it was pooled from, at least 1; null for an operator's own card.</summary>
    public int? Tenants { get; init; }

    /// <summary>The mean reward that it names, or that the tasks' come to.</summary>
    internal double Level => Quality ?? ByTask.Values.Average();

    /// <inheritdoc/>
    public bool Equals(ModelCard? other) =>
        other is not null && Weight.Equals(other.Weight) && Nullable.Equals(Quality, other.Quality) && Tenants == other.Tenants && ByTask.SequenceEqual(other.ByTask);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Weight, Quality, ByTask.Count);
}
