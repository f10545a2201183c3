using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Judging;

/// <summary>Percentiles of waiting times.</summary>
internal static class Latency
{
    /// <summary>The time within which 99 of 100 operations were answered (nearest rank): of fewer than 100 the slowest.</summary>
    /// <param name="durations">At least one, in any order.</param>
    public static TimeSpan P99(IEnumerable<TimeSpan> durations)
    {
        TimeSpan[] sorted = [.. durations.Order()];
        return sorted[Math.Max(0, (int)Math.Ceiling(0.99 * sorted.Length) - 1)];
    }

    /// <summary>Whether more than one in a hundred is of a kind: then the 99th percentile is.</summary>
    /// <param name="some">How many are.</param>
    /// <param name="all">How many there are.</param>
    public static bool AreMore(int some, int all) => some > all - (int)Math.Ceiling(0.99 * all);

    /// <summary>The same of the operations that began and ended within a time.</summary>
    /// <exception cref="InvalidOperationException">There were none.</exception>
    public static TimeSpan CalmP99(IEnumerable<Operation> operations, TimeSpan from, TimeSpan to)
    {
        List<TimeSpan> calm = [.. operations.Where(operation => operation.Start >= from && operation.End <= to).Select(operation => operation.Duration)];
        return calm.Count > 0 ? P99(calm) : throw new InvalidOperationException("Nothing was answered while all was calm.");
    }
}
