namespace MetaLlm.Core.Tenancy;

/// <summary>
/// The tenant was given queries with every arm's outcome. Feature map and policy are fitted to them; what the policy had learned from rewards
/// before is replaced. A set that lacks one of the tenant's arms, or rests on another embedding model, changes nothing.
/// </summary>
public sealed record WarmStartedEvent : TenantEvent
{
    /// <summary>The queries.</summary>
    public required WarmStartSet Set { get; init; }

    /// <summary>SHA-256 of the set as journals keep it, lower-case hex: the same set again is recognised by it.</summary>
    public required string Digest { get; init; }
}
