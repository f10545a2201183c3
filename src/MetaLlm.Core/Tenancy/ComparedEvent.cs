namespace MetaLlm.Core.Tenancy;

/// <summary>
/// The answer to a request under a guarantee was compared with that of the arm which was asked beside. A second verdict about a decision, and one about a decision that waits for none, change nothing.
/// </summary>
public sealed record ComparedEvent : TenantEvent
{
    /// <summary>Ordinal of the decision.</summary>
    public required long Ordinal { get; init; }

    /// <summary>Whether the answers differ; null where no verdict is to be had.</summary>
    public bool? Differs { get; init; }
}
