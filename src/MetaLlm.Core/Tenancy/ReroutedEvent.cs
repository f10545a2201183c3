namespace MetaLlm.Core.Tenancy;

/// <summary>The arm that was to serve a call failed and another one took over.</summary>
public sealed record ReroutedEvent : TenantEvent
{
    /// <summary>The decision; its served arm is the one that failed.</summary>
    public required DecisionFacts Decision { get; init; }

    /// <summary>The arm that takes over.</summary>
    public required string ToArm { get; init; }

    /// <summary>USD set aside for it instead.</summary>
    public required double ReservedUsd { get; init; }

    /// <summary>Why, in a few words without any prompt content.</summary>
    public required string Reason { get; init; }
}
