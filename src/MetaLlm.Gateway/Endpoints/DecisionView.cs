using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary>A decision as clients see it: why this model, and what became of it.</summary>
internal static class DecisionView
{
    /// <summary>A decision that has just been made: nothing has become of it yet.</summary>
    public static object Of(DecisionRecord decision) => Of(new StoredDecision
    {
        Decision = decision,
        ServedArm = decision.ChosenArm,
        ReservedUsd = decision.ReservedUsd,
        Settlement = null,
        Reward = null,
        FeedbackCount = 0,
    });

    /// <summary>A decision with its consequences.</summary>
    public static object Of(StoredDecision stored) => new
    {
        Object = "metallm.decision",
        stored.Decision.DecisionId,
        stored.Decision.Ordinal,
        Model = stored.Decision.ChosenArm,
        stored.Decision.ChosenArm,
        stored.ServedArm,
        CreatedAt = stored.Decision.At,
        stored.Decision.Policy,
        stored.Decision.PolicyVersion,
        stored.Decision.FeatureSchema,
        stored.Decision.Task,
        stored.Decision.InputTokens,
        stored.Decision.GreedyArm,
        stored.Decision.Pinned,
        stored.Decision.Propensity,
        stored.Decision.Lambda,
        Dial = new { stored.Decision.Dial.Quality, stored.Decision.Dial.Cost, stored.Decision.Dial.Latency },
        stored.Decision.ReservedUsd,
        Arms = stored.Decision.Arms.Select(Arm),
        Settlement = stored.Settlement is { } settlement ? Settled(settlement) : null,
        stored.Reward,
        stored.RewardWeight,
        RewardDefaulted = stored.Reward is not null && stored.FeedbackCount == 0,
        stored.FeedbackCount,
    };

    private static object Arm(ArmAssessment arm) => new
    {
        Id = arm.ArmId,
        Quality = ApiJson.Finite(arm.Quality),
        QualityDeviation = ApiJson.Finite(arm.QualityDeviation),
        CostUsd = ApiJson.Finite(arm.CostUsd),
        LatencySeconds = ApiJson.Finite(arm.LatencySeconds),
        Score = arm.Score is { } score ? ApiJson.Finite(score) : null,
        arm.Propensity,
        arm.Exclusion,
    };

    private static object Settled(Settlement settlement) => new
    {
#pragma warning disable CA1308 // The word on the wire is lower case.
        Outcome = settlement.Outcome.ToString().ToLowerInvariant(),
#pragma warning restore CA1308
        PromptTokens = settlement.Usage.Input,
        CachedTokens = settlement.Usage.CachedInput,
        CompletionTokens = settlement.Usage.Output,
        settlement.CostUsd,
        LatencySeconds = settlement.LatencySeconds is { } latency ? ApiJson.Finite(latency) : null,
    };
}
