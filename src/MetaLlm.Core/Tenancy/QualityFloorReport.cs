namespace MetaLlm.Core.Tenancy;

/// <summary>How the tenant's quality floor stands.</summary>
/// <param name="Floor">Mean reward to keep, 0 to 1.</param>
/// <param name="RecentReward">Mean of the last few hundred rewards; NaN before the first.</param>
/// <param name="Rewards">Rewards since the floor was set.</param>
/// <param name="Status">How it stands.</param>
public sealed record QualityFloorReport(double Floor, double RecentReward, long Rewards, QualityFloorStatus Status);
