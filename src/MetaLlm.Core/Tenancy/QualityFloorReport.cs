namespace MetaLlm.Core.Tenancy;

/// <summary>How the tenant's quality floor stands.</summary>
/// <param name="Floor">Mean reward to keep, 0 to 1.</param>
/// <param name="RecentReward">Mean of the last few hundred rewards; NaN before the first.</param>
/// <param name="Rewards">Rewards since the floor was set.</param>
/// <param name="Status">How it stands.</param>
[GenerateSerializer, Immutable, Alias("metallm.quality-floor-report")]
public sealed record QualityFloorReport(
    [property: Id(0)] double Floor,
    [property: Id(1)] double RecentReward,
    [property: Id(2)] long Rewards,
    [property: Id(3)] QualityFloorStatus Status);
