namespace MetaLlm.Core.Tenancy;

/// <summary>What a tenant's policy has learned, for people and checks.</summary>
public sealed record TenantReport
{
    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>Name of the policy.</summary>
    public required string Policy { get; init; }

    /// <summary>Version of the policy's state layout.</summary>
    public required int PolicyVersion { get; init; }

    /// <summary>Identity of the feature layout.</summary>
    public required string FeatureSchema { get; init; }

    /// <summary>Decisions made.</summary>
    public required long Decisions { get; init; }

    /// <summary>Events applied: the sequence of the last one.</summary>
    public required long EventsApplied { get; init; }

    /// <summary>Rewards applied, corrections included.</summary>
    public required long RewardsApplied { get; init; }

    /// <summary>Rewards among them that could not be learned from: the arm is gone, or the context has another layout.</summary>
    public long RewardsIgnored { get; init; }

    /// <summary>Rewards among them that were defaults for feedback that had not come in time.</summary>
    public long RewardsDefaulted { get; init; }

    /// <summary>Rows of the warm start that the policy rests on; 0 without one.</summary>
    public int WarmStartRows { get; init; }

    /// <summary>Settled spend since the beginning, USD.</summary>
    public required double SpendUsd { get; init; }

    /// <summary>USD set aside for calls that have not ended.</summary>
    public required double ReservedUsd { get; init; }

    /// <summary>Price of money in force, quality per USD.</summary>
    public required double Lambda { get; init; }

    /// <summary>The budgets of calendar windows, at the time of the last decision or event.</summary>
    public IReadOnlyList<WindowReport> Windows { get; init; } = [];

    /// <summary>The quality floor; null without one.</summary>
    public QualityFloorReport? QualityFloor { get; init; }

    /// <summary>How the imputation of missing rewards stands; null unless <see cref="MissingRewardMode.Impute"/> is configured.</summary>
    public ImputationReport? Imputation { get; init; }

    /// <summary>SHA-256 of the snapshot bytes, lower-case hex.</summary>
    public required string StateHash { get; init; }

    /// <summary>Per arm, in configuration order.</summary>
    public required IReadOnlyList<ArmReport> Arms { get; init; }
}
