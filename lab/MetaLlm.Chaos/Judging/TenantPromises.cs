namespace MetaLlm.Chaos.Judging;

/// <summary>What a tenant's clients may rely on at one moment.</summary>
/// <param name="Tenant">Whose, by number.</param>
/// <param name="Decisions">Decisions to look for.</param>
/// <param name="Feedback">Distinct pieces of feedback that were acknowledged, all decisions together.</param>
/// <param name="Open">Pieces of feedback that were sent and not answered: each may count or not.</param>
/// <param name="RewardSum">Sum of the rewards in force.</param>
/// <param name="Rewarded">How many decisions have one.</param>
/// <param name="Reused">Ids that were handed out twice so far.</param>
internal sealed record TenantPromises(
    int Tenant, IReadOnlyList<PromisedDecision> Decisions, int Feedback, int Open, double RewardSum, int Rewarded, IReadOnlyList<Finding> Reused);
