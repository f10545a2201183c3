using System.Text.Json;
using MetaLlm.Core.Cascades;
using MetaLlm.Core.Judging;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary>A decision as clients see it: why this model, and what became of it.</summary>
internal static class DecisionView
{
    /// <summary>A decision that has just been made: nothing has become of it yet.</summary>
    public static DecisionBody Of(DecisionRecord decision) => Of(new StoredDecision
    {
        Decision = decision,
        ServedArm = decision.ChosenArm,
        ReservedUsd = decision.ReservedUsd,
        BoundUsd = decision.BoundUsd,
        Settlement = null,
        Reward = null,
        FeedbackCount = 0,
    });

    /// <summary>A decision with its consequences.</summary>
    public static DecisionBody Of(StoredDecision stored)
    {
        var decision = stored.Decision;
        return new DecisionBody
        {
            DecisionId = decision.DecisionId,
            Ordinal = decision.Ordinal,
            Model = decision.ChosenArm,
            ChosenArm = decision.ChosenArm,
            ServedArm = stored.ServedArm,
            CreatedAt = decision.At,
            Policy = decision.Policy,
            PolicyVersion = decision.PolicyVersion,
            FeatureSchema = decision.FeatureSchema,
            Task = decision.Task,
            InputTokens = decision.InputTokens,
            GreedyArm = decision.GreedyArm,
            Pinned = decision.Pinned,
            Propensity = decision.Propensity,
            Lambda = decision.Lambda,
            Preferences = new PreferenceBody { Quality = decision.Preferences.Quality, Cost = decision.Preferences.Cost, Latency = decision.Preferences.Latency },
            ReservedUsd = decision.ReservedUsd,
            BoundUsd = stored.BoundUsd,
            Arms = [.. decision.Arms.Select(Of)],
            Conversation = decision.Conversation is { } place ? ConversationView.Of(place) : null,
            Guarantee = decision.Guarantee is { } under ? new GuaranteePlaceBody { Topic = under.Topic, Beside = under.Beside, Bound = under.Bound } : null,
            Cascade = stored.Settlement?.Weighed is { } weighed ? Of(weighed) : null,
            Settlement = stored.Settlement is { } settlement ? Of(settlement) : null,
            Attempts = stored.Settlement is { } end ? [.. end.FailedAttempts.Select(Of), LastAttempt(stored.ServedArm, end)] : [],
            Reward = stored.Reward,
            RewardWeight = stored.RewardWeight,
            RewardDefaulted = stored is { Reward: not null, FeedbackCount: 0, Verdicts: null },
            RewardSource = stored is { Reward: not null, FeedbackCount: 0, Verdicts: { } verdicts } ? JudgeVerdict.SourceOf(JudgeVerdict.Decode(verdicts)) : null,
            FeedbackCount = stored.FeedbackCount,
        };
    }

    /// <summary>How one model looked.</summary>
    public static AssessmentBody Of(ArmAssessment arm) => new()
    {
        Id = arm.ArmId,
        Quality = ApiJson.Finite(arm.Quality),
        QualityDeviation = ApiJson.Finite(arm.QualityDeviation),
        CostUsd = ApiJson.Finite(arm.CostUsd),
        BoundUsd = arm.BoundUsd,
        CachedTokens = arm.CachedTokens,
        LatencySeconds = ApiJson.Finite(arm.LatencySeconds),
        Score = arm.Score is { } score ? ApiJson.Finite(score) : null,
        Propensity = arm.Propensity,
        Exclusion = arm.Exclusion,
    };

    private static WeighedAnswerBody Of(WeighedAnswer weighed) => new()
    {
        EscalatedTo = weighed.Second,
        Doubt = weighed.Doubt,
        Gain = weighed.Gain,
        Propensity = weighed.Propensity,
        MeanLogProbability = weighed.Signals.MeanLogProbability,
        CompletionTokens = weighed.Signals.Tokens,
        Refused = weighed.Signals.Refused,
        SelfReport = weighed.Signals.SelfReport,
        Verdict = weighed.Signals.Verdict,
    };

    private static AttemptBody Of(FailedAttempt attempt) => new()
    {
        Arm = attempt.ArmId,
        Deployment = attempt.Deployment,
        Outcome = JsonNamingPolicy.SnakeCaseLower.ConvertName(attempt.Kind.ToString()),
        PromptTokens = attempt.Usage.Input,
        CachedTokens = attempt.Usage.CachedInput,
        CompletionTokens = attempt.Usage.Output,
        CostUsd = attempt.CostUsd,
        Seconds = ApiJson.Finite(attempt.Seconds),
    };

    private static AttemptBody LastAttempt(string servedArm, Settlement settlement) => new()
    {
        Arm = servedArm,
        Deployment = settlement.Deployment,
        Outcome = JsonNamingPolicy.SnakeCaseLower.ConvertName(settlement.Outcome.ToString()),
        PromptTokens = settlement.Usage.Input,
        CachedTokens = settlement.Usage.CachedInput,
        CompletionTokens = settlement.Usage.Output,
        CostUsd = settlement.CostUsd,
        Seconds = settlement.LatencySeconds is { } latency ? ApiJson.Finite(latency) : null,
    };

    private static SettlementBody Of(Settlement settlement) => new()
    {
        Outcome = settlement.Outcome,
        PromptTokens = settlement.Usage.Input,
        CachedTokens = settlement.Usage.CachedInput,
        CompletionTokens = settlement.Usage.Output,
        CostUsd = settlement.CostUsd,
        LatencySeconds = settlement.LatencySeconds is { } latency ? ApiJson.Finite(latency) : null,
    };
}
