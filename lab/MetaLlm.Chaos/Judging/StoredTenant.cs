namespace MetaLlm.Chaos.Judging;

/// <summary>What gateways say of a tenant.</summary>
/// <param name="Decisions">Every decision that was asked for, by id.</param>
/// <param name="RewardsApplied">How many rewards the policy has learned from.</param>
/// <param name="RewardSum">Sum of the rewards in force, over all models.</param>
/// <param name="Rewarded">How many decisions have one.</param>
/// <param name="Hashes">Hash of the state as each host reports it, by the host's name.</param>
internal sealed record StoredTenant(
    IReadOnlyDictionary<string, StoredDecision> Decisions, long RewardsApplied, double RewardSum, long Rewarded, IReadOnlyDictionary<string, string?> Hashes);
