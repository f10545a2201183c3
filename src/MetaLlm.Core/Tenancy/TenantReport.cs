using MetaLlm.Core.Cascades;
using MetaLlm.Core.Guarantees;
using MetaLlm.Core.Judging;
using MetaLlm.Core.Rollout;

namespace MetaLlm.Core.Tenancy;

/// <summary>What a tenant's policy has learned, for people and checks.</summary>
[GenerateSerializer, Immutable, Alias("metallm.tenant-report")]
public sealed record TenantReport
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public required string Tenant { get; init; }

    /// <summary>Name of the policy.</summary>
    [Id(1)]
    public required string Policy { get; init; }

    /// <summary>Version of the policy's state layout.</summary>
    [Id(2)]
    public required int PolicyVersion { get; init; }

    /// <summary>Identity of the feature layout.</summary>
    [Id(3)]
    public required string FeatureSchema { get; init; }

    /// <summary>Decisions made.</summary>
    [Id(4)]
    public required long Decisions { get; init; }

    /// <summary>Events applied: the sequence of the last one.</summary>
    [Id(5)]
    public required long EventsApplied { get; init; }

    /// <summary>Rewards applied, corrections included.</summary>
    [Id(6)]
    public required long RewardsApplied { get; init; }

    /// <summary>Rewards among them that could not be learned from: the arm is gone, or the context has another layout.</summary>
    [Id(7)]
    public long RewardsIgnored { get; init; }

    /// <summary>Rewards among them that were defaults for feedback that had not come in time.</summary>
    [Id(8)]
    public long RewardsDefaulted { get; init; }

    /// <summary>Rows of the warm start that the policy rests on; 0 without one.</summary>
    [Id(9)]
    public int WarmStartRows { get; init; }

    /// <summary>Settled spend since the beginning, USD.</summary>
    [Id(10)]
    public required double SpendUsd { get; init; }

    /// <summary>Predicted cost of calls that have not ended, USD.</summary>
    [Id(11)]
    public required double ReservedUsd { get; init; }

    /// <summary>Shadow price in force, quality per USD.</summary>
    [Id(12)]
    public required double Lambda { get; init; }

    /// <summary>The budgets of calendar windows, at the time of the last decision or event.</summary>
    [Id(13)]
    public IReadOnlyList<WindowReport> Windows { get; init; } = [];

    /// <summary>The quality floor; null without one.</summary>
    [Id(14)]
    public QualityFloorReport? QualityFloor { get; init; }

    /// <summary>How the imputation of missing rewards stands; null unless <see cref="MissingRewardMode.Impute"/> is configured.</summary>
    [Id(15)]
    public ImputationReport? Imputation { get; init; }

    /// <summary>SHA-256 of the snapshot bytes, lower-case hex; without what was counted before a warm start.</summary>
    [Id(16)]
    public required string StateHash { get; init; }

    /// <summary>Per arm, in configuration order.</summary>
    [Id(17)]
    public required IReadOnlyList<ArmReport> Arms { get; init; }

    /// <summary>USD that the caps set aside for calls that have not ended; at least <see cref="ReservedUsd"/>.</summary>
    [Id(18)]
    public double BoundUsd { get; init; }

    /// <summary>What attempts have cost that gave the client no answer, USD; part of <see cref="SpendUsd"/>.</summary>
    [Id(19)]
    public double WastedUsd { get; init; }

    /// <summary>How the canary does; null without one.</summary>
    [Id(20)]
    public CanaryReport? Canary { get; init; }

    /// <summary>What was measured of each version of a judge; empty without verdicts.</summary>
    [Id(21)]
    public IReadOnlyList<JudgeReport> Judges { get; init; } = [];

    /// <summary>How the guarantee stands; null without one.</summary>
    [Id(22)]
    public GuaranteeReport? Guarantee { get; init; }

    /// <summary>What the cascade has done; null without one.</summary>
    [Id(23)]
    public CascadeReport? Cascade { get; init; }
}
