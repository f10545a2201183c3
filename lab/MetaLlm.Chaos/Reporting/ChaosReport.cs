namespace MetaLlm.Chaos.Reporting;

/// <summary>What a campaign found.</summary>
internal sealed record ChaosReport
{
    /// <summary>The seed of its draws.</summary>
    public required int Seed { get; init; }

    /// <summary>How long faults were made, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Kinds of faults that could not be made here, and why.</summary>
    public required IReadOnlyDictionary<string, string> LeftOut { get; init; }

    /// <summary>Decisions that clients were told of.</summary>
    public required int Decisions { get; init; }

    /// <summary>Feedback that was acknowledged: distinct pairs of decision and key.</summary>
    public required int Feedback { get; init; }

    /// <summary>Requests that were answered in the end.</summary>
    public required int Operations { get; init; }

    /// <summary>Attempts that came to nothing, by label.</summary>
    public required IReadOnlyDictionary<string, int> Errors { get; init; }

    /// <summary>The 99th percentile of waiting times while all was calm, in milliseconds.</summary>
    public required double CalmP99Milliseconds { get; init; }

    /// <summary>Faults by kind.</summary>
    public required IReadOnlyList<KindSummary> Kinds { get; init; }

    /// <summary>Every fault.</summary>
    public required IReadOnlyList<FaultLine> Faults { get; init; }

    /// <summary>How often hosts ended by themselves, as one does that was voted out.</summary>
    public required int OwnEnds { get; init; }

    /// <summary>Memory of the hosts over time.</summary>
    public required IReadOnlyList<MemorySample> Memory { get; init; }

    /// <summary>How often a kind of finding was made.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    /// <summary>Promises that were broken, by name, and how; empty when all were kept.</summary>
    public required IReadOnlyList<string> Broken { get; init; }

    /// <summary>The first findings, in words.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>Whether every promise was kept.</summary>
    public bool Kept => Broken.Count == 0;
}
