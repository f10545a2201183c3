using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Evaluation.Challenging;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Contracts;

[Description("What the tenant's log says of champion and challenger.")]
internal sealed record ChallengerEvidenceBody
{
    [JsonPropertyName("looked_at"), Description("When the log was looked at.")]
    public required DateTimeOffset LookedAt { get; init; }

    [JsonPropertyName("decisions"), Description("Decisions that were looked at.")]
    public required long Decisions { get; init; }

    [JsonPropertyName("counted"), Description("Those that count: free to be made, answered by the chosen model, with feedback in time.")]
    public required long Counted { get; init; }

    [JsonPropertyName("waiting"), Description("Those that still wait for feedback.")]
    public required long Waiting { get; init; }

    [JsonPropertyName("unrewarded"), Description("Those without feedback in time.")]
    public required long Unrewarded { get; init; }

    [JsonPropertyName("left_out"), Description("Those that were pinned or rerouted, or at which the policies could not be asked.")]
    public required long LeftOut { get; init; }

    [JsonPropertyName("behind"), Description("Decisions of the log that are still to be read.")]
    public required long Behind { get; init; }

    [JsonPropertyName("effective_decisions"), Description("Decisions of the challenger itself that the log is worth.")]
    public required double EffectiveDecisions { get; init; }

    [JsonPropertyName("logged_reward"), Description("Mean reward as it was logged; null without any decision that counts.")]
    public required double? LoggedReward { get; init; }

    [JsonPropertyName("champion"), Description("The tenant's policy.")]
    public required ChallengerSideBody Champion { get; init; }

    [JsonPropertyName("challenger"), Description("The challenger.")]
    public required ChallengerSideBody Challenger { get; init; }

    [JsonPropertyName("difference"), Description("What the challenger is worth beyond the champion.")]
    public required ChallengerDifferenceBody Difference { get; init; }

    public static ChallengerEvidenceBody Of(TrialFigures figures, DateTimeOffset at) => new()
    {
        LookedAt = at,
        Decisions = figures.Decisions,
        Counted = figures.Counted,
        Waiting = figures.Waiting,
        Unrewarded = figures.Unrewarded,
        LeftOut = figures.LeftOut,
        Behind = figures.Behind,
        EffectiveDecisions = figures.EffectiveDecisions,
        LoggedReward = ApiJson.Finite(figures.LoggedReward),
        Champion = ChallengerSideBody.Of(figures.Champion),
        Challenger = ChallengerSideBody.Of(figures.Challenger),
        Difference = ChallengerDifferenceBody.Of(figures),
    };
}
