using MetaLlm.Evaluation.Estimation;
using MetaLlm.Evaluation.Log;
using MetaLlm.Evaluation.Targets;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Evaluation;

/// <summary>Walks a log once, in its order, and evaluates a policy on it.</summary>
/// <param name="log">The log.</param>
/// <param name="switchAt">Weight above which SWITCH-DR trusts the model alone; null for the default.</param>
/// <param name="resamples">Bootstrap resamples; 0 for none.</param>
/// <param name="period">When the decisions were made that are looked at; earlier ones teach, and nothing else. Null for all.</param>
/// <param name="always">Whether estimates are made that the evidence does not carry.</param>
public sealed class OffPolicyEvaluator(DecisionLog log, double? switchAt, int resamples = 1000, LogPeriod? period = null, bool always = false)
{
    /// <summary>Fewest decisions that an estimate is made from.</summary>
    public const int LeastDecisions = 30;

    private const double OddMean = 4;

    /// <summary>Evaluates a policy.</summary>
    /// <param name="target">The policy; it must not have seen any of the log.</param>
    /// <exception cref="TooFewDecisionsException">There are too few decisions.</exception>
    public OffPolicyReport Evaluate(ITargetPolicy target)
    {
        var model = new RewardModel();
        var rewards = new List<OffPolicySample>();
        var costs = new List<OffPolicySample>();
        int decisions = 0, pinned = 0, rerouted = 0, unrewarded = 0, undefined = 0, next = 0;
        foreach (var logged in log.Decisions.TakeWhile(logged => period is null || !period.IsOver(logged.Decision.At)))
        {
            for (; next < log.Events.Count && log.Events[next].Sequence <= logged.Decision.AppliedSequence; next++)
            {
                target.Apply(log.Events[next]);
                Learn(model, log.Events[next]);
            }

            var propensities = target.Propensities(logged);
            if (period is not null && !period.Holds(logged.Decision.At))
            {
                continue;
            }

            decisions++;
            if (logged.Decision is { Pinned: true } or { Conversation.IsFree: false })
            {
                pinned++;
            }
            else if (logged.Rerouted)
            {
                rerouted++;
            }
            else if (logged.Reward is not { } reward)
            {
                unrewarded++;
            }
            else if (propensities is null)
            {
                undefined++;
            }
            else
            {
                rewards.Add(Sample(logged.Decision, propensities, reward, a => model.Predict(logged.Decision.FeatureSchema, a.ArmId, logged.Decision.Context)));
                if (logged.CostUsd is { } cost)
                {
                    costs.Add(Sample(logged.Decision, propensities, cost, a => a.CostUsd));
                }
            }
        }

        var use = new LogUse(decisions, rewards.Count, pinned, rerouted, unrewarded, undefined);
        return Report(target, use, rewards, costs);
    }

    private OffPolicyReport Report(ITargetPolicy target, LogUse use, List<OffPolicySample> rewards, List<OffPolicySample> costs)
    {
        if (rewards.Count < LeastDecisions)
        {
            throw new TooFewDecisionsException(
                $"{target.Name}: only {rewards.Count} of {use.Decisions} decisions can be used ({use.Pinned} pinned, {use.Rerouted} rerouted, "
                + $"{use.Unrewarded} without a reward, {use.Undefined} in which it has no choice); {LeastDecisions} are needed.");
        }

        var (weights, evidence) = (WeightDiagnostics.Of(rewards), Evidence.Of(rewards));
        var carried = always || evidence.IsSufficient;
        return new OffPolicyReport
        {
            Target = target.Name,
            Log = use,
            LoggedReward = rewards.Average(s => s.Reward),
            LoggedCost = costs.Count > 0 ? costs.Average(s => s.Reward) : null,
            Weights = weights,
            Evidence = evidence,
            RewardInterval = OffPolicyEstimator.Interval(rewards),
            Reward = carried ? OffPolicyEstimator.Estimate(rewards, switchAt, resamples, unexplored: evidence.UnexploredShare) : [],
            Cost = carried && costs.Count >= LeastDecisions ? OffPolicyEstimator.Estimate(costs, switchAt, resamples, bounded: false) : [],
            Warnings = [.. target.Notes, .. Warnings(use, weights, evidence)],
        };
    }

    private static IEnumerable<string> Warnings(LogUse use, WeightDiagnostics weights, Evidence evidence)
    {
        if (Math.Abs(weights.Mean - 1) > OddMean * weights.MeanStandardError && evidence.IsSufficient)
        {
            yield return FormattableString.Invariant($"The mean weight is {weights.Mean:F3} ± {weights.MeanStandardError:F3} instead of 1: chance alone seldom does that.");
        }

        if (use.Unrewarded > 0)
        {
            yield return FormattableString.Invariant($"{use.Unrewarded} decisions have no reward: the estimates hold if whether a reward comes does not depend on it.");
        }

        if (evidence.UnexploredShare > 0 && evidence.IsSufficient)
        {
            yield return FormattableString.Invariant($"{evidence.UnexploredShare:P2} of the policy's choices are arms that the log hardly ever chooses there; the intervals are wider by as much.");
        }
    }

    private static OffPolicySample Sample(DecisionRecord decision, double[] target, double value, Func<ArmAssessment, double> model)
    {
        var arm = 0;
        for (var a = 0; a < decision.Arms.Count; a++)
        {
            arm = decision.Arms[a].ArmId == decision.ChosenArm ? a : arm;
        }

        return new OffPolicySample(arm, value, [.. decision.Arms.Select(a => a.Propensity)], target, [.. decision.Arms.Select(model)]);
    }

    /// <summary>Shows the model of rewards an event.</summary>
    internal static void Learn(RewardModel model, TenantEvent happened)
    {
        // What was taken back keeps its say in the model of rewards; the decision itself counts as one without a reward.
        if (happened is RewardedEvent { Decision: var decision, Withdrawn: false } rewarded)
        {
            model.Learn(decision.FeatureSchema, decision.ServedArm, decision.Context, rewarded.Reward, rewarded.PreviousReward);
        }
    }
}
