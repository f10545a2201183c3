namespace MetaLlm.Core.Evidence;

/// <summary>What a purse is to buy answers by.</summary>
public sealed record EvidenceSettings
{
    /// <summary>The purse, USD, at least 0.</summary>
    public required double PurseUsd { get; init; }

    /// <summary>Requests that the purse is for, at least 1.</summary>
    public required double ExpectedRequests { get; init; }

    /// <summary>How it is spent.</summary>
    public EvidenceRule Rule { get; init; } = EvidenceRule.Gradient;

    /// <summary>Seed of what is drawn.</summary>
    public ulong Seed { get; init; }
}
