namespace MetaLlm.Core.Tenancy;

/// <summary>The arm that was to serve a call failed and another one took over.</summary>
public sealed record ReroutedEvent : TenantEvent
{
    /// <summary>The decision; its served arm is the one that failed.</summary>
    public required DecisionFacts Decision { get; init; }

    /// <summary>The arm that takes over.</summary>
    public required string ToArm { get; init; }

    /// <summary>Its predicted cost, USD, which takes the place of the other's.</summary>
    public required double ReservedUsd { get; init; }

    /// <summary>USD that the caps set aside from now on: what its call can cost at most, and what the attempts before it can have cost.</summary>
    public double BoundUsd { get; init; }

    /// <summary>Why, in a few words without any prompt content.</summary>
    public required string Reason { get; init; }
}
