using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Evaluation.Estimation;
using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Evaluation.Learning;

/// <summary>
/// The router's own point, and those of single models by the doubly robust estimator: with the propensities of every arm as they were logged, and with the predictions that were made
/// before the reward came.
/// </summary>
internal static class LearningPoints
{
    public const double Normal95 = 1.959963984540054;

    /// <summary>Whether the policy chose, by the probabilities that it logged.</summary>
    public static bool IsFree(DecisionRecord decision) => decision is { IsOfPolicy: true, Pinned: false, Conversation: null or { IsFree: true } };

    /// <summary>Whether a client has said what it was worth.</summary>
    public static bool IsRewarded(StoredDecision one) => one is { Reward: not null, FeedbackCount: > 0 };

    /// <summary>Whether estimates can use a decision.</summary>
    public static bool IsUsable(StoredDecision one) => IsFree(one.Decision) && IsRewarded(one) && one.ServedArm == one.Decision.ChosenArm;

    /// <summary>Whether what the chosen arm cost is known.</summary>
    public static bool IsPriced(StoredDecision one) => one.Settlement?.CostUsd is not null && one.ServedArm == one.Decision.ChosenArm && one.Decision.IsOfPolicy;

    /// <summary>How the chosen arm looked.</summary>
    public static ArmAssessment Chosen(DecisionRecord decision) => decision.Arms.First(arm => arm.ArmId == decision.ChosenArm);

    /// <summary>The router as it was logged.</summary>
    public static PolicyPoint? Router(StoredDecision[] usable)
    {
        if (usable.Length < OffPolicyEvaluator.LeastDecisions)
        {
            return null;
        }

        var moments = SampleMoments.Of([.. usable.Select(one => one.Reward!.Value)]);
        var half = Normal95 * moments.StandardDeviation / Math.Sqrt(usable.Length);
        double[] costs = [.. usable.Where(IsPriced).Select(one => one.Settlement!.CostUsd!.Value)];
        return new PolicyPoint("router", moments.Mean, [moments.Mean - half, moments.Mean + half], costs.Length > 0 ? costs.Average() : null, usable.Length, null);
    }

    /// <summary>Every model of the newest decision.</summary>
    public static IReadOnlyList<PolicyPoint> Models(IReadOnlyList<StoredDecision> decisions, StoredDecision[] usable) =>
        decisions is [.., var newest] ? [.. newest.Decision.Arms.Select(arm => Model(arm.ArmId, usable))] : [];

    private static PolicyPoint Model(string id, StoredDecision[] usable)
    {
        StoredDecision[] able = [.. usable.Where(one => one.Decision.Arms.Any(arm => arm.ArmId == id && arm.Exclusion is null))];
        if (able.Length < OffPolicyEvaluator.LeastDecisions)
        {
            return new PolicyPoint(id, null, null, null, able.Length, PolicyPointNote.TooFew);
        }

        ArmAssessment[] looks = [.. able.Select(one => one.Decision.Arms.First(arm => arm.ArmId == id))];
        var (expectedReward, expectedCost) = (looks.Average(arm => Math.Clamp(arm.Quality, 0, 1)), looks.Average(arm => arm.CostUsd));

        OffPolicySample[] rewards = [.. able.Select(one => Sample(one.Decision, id, one.Reward!.Value, arm => Math.Clamp(arm.Quality, 0, 1)))];
        var evidence = Evidence.Of(rewards);
        if (!evidence.IsSufficient)
        {
            return new PolicyPoint(id, null, null, null, able.Length, PolicyPointNote.HardlyTried) { ExpectedReward = expectedReward, ExpectedCostUsd = expectedCost };
        }

        var reward = DoublyRobust(OffPolicyEstimator.Estimate(rewards, resamples: 0, unexplored: evidence.UnexploredShare));
        OffPolicySample[] costs = [.. able.Where(IsPriced).Select(one => Sample(one.Decision, id, one.Settlement!.CostUsd!.Value, arm => arm.CostUsd))];
        double? cost = costs.Length >= OffPolicyEvaluator.LeastDecisions ? Math.Max(0, DoublyRobust(OffPolicyEstimator.Estimate(costs, resamples: 0, bounded: false)).Value) : null;
        return new PolicyPoint(
            id, Math.Clamp(reward.Value, 0, 1), [.. reward.Normal.Select(end => Math.Clamp(end, 0, 1))], cost, able.Length, able.Length < usable.Length ? PolicyPointNote.NotAlwaysAble : null)
        {
            ExpectedReward = expectedReward,
            ExpectedCostUsd = expectedCost,
        };
    }

    private static OffPolicyEstimate DoublyRobust(IReadOnlyList<OffPolicyEstimate> estimates) => estimates.First(estimate => estimate.Estimator == "dr");

    private static OffPolicySample Sample(DecisionRecord decision, string target, double value, Func<ArmAssessment, double> model)
    {
        var chosen = 0;
        for (var a = 0; a < decision.Arms.Count; a++)
        {
            chosen = decision.Arms[a].ArmId == decision.ChosenArm ? a : chosen;
        }

        return new OffPolicySample(
            chosen,
            value,
            [.. decision.Arms.Select(arm => arm.Propensity)],
            [.. decision.Arms.Select(arm => arm.ArmId == target ? 1.0 : 0.0)],
            [.. decision.Arms.Select(model)]);
    }
}
