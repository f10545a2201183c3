using MetaLlm.Chaos.Faults;
using MetaLlm.Chaos.Judging;
using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Reporting;

/// <summary>What a campaign has seen, before it is summed up.</summary>
internal sealed record CampaignResult
{
    /// <summary>The seed of its draws.</summary>
    public required int Seed { get; init; }

    /// <summary>How long faults were made.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Kinds of faults that could not be made here, and why.</summary>
    public required IReadOnlyDictionary<FaultKind, string> LeftOut { get; init; }

    /// <summary>What clients saw.</summary>
    public required LoadRecord Load { get; init; }

    /// <summary>What clients were promised.</summary>
    public required IReadOnlyList<TenantLedger> Ledgers { get; init; }

    /// <summary>What went wrong, in order.</summary>
    public required IReadOnlyList<FaultRecord> Faults { get; init; }

    /// <summary>What was found when promises were looked after.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The 99th percentile of waiting times while all was calm.</summary>
    public required TimeSpan Calm { get; init; }

    /// <summary>How often hosts ended by themselves.</summary>
    public required int OwnEnds { get; init; }

    /// <summary>Memory of the hosts over time.</summary>
    public required IReadOnlyList<MemorySample> Memory { get; init; }
}
