namespace MetaLlm.Core.Tenancy;

/// <summary>
/// The tenant was given all queries so far of which more than what served them is known: rows with the outcomes of several arms, and holes. It is learned from as a
/// warm start is; holes are filled with what is to be expected.
/// </summary>
public sealed record EvidencedEvent : TenantEvent
{
    /// <summary>The queries; a reward that is NaN is not known, and where the cost is NaN as well, nothing is known of that arm's answer.</summary>
    public required WarmStartSet Set { get; init; }

    /// <summary>SHA-256 of the set as journals keep it, lower-case hex: the same set again is recognised by it.</summary>
    public required string Digest { get; init; }
}
