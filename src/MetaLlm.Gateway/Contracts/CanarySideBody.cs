using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Core.Rollout;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Contracts;

[Description("What came of the decisions for a canary, or for the other models.")]
internal sealed record CanarySideBody
{
    [JsonPropertyName("calls"), Description("Calls that ended, but for those that the client gave up.")]
    public required long Calls { get; init; }

    [JsonPropertyName("failure_rate"), Description("Share of them in which the chosen model failed; null without any.")]
    public required double? FailureRate { get; init; }

    [JsonPropertyName("failure_bound"), Description("Of the canary the least, of the others the most that the rate is.")]
    public required double FailureBound { get; init; }

    [JsonPropertyName("rewards"), Description("Decisions with feedback.")]
    public required long Rewards { get; init; }

    [JsonPropertyName("mean_reward"), Description("Mean of their first rewards; null without any.")]
    public required double? MeanReward { get; init; }

    [JsonPropertyName("reward_bound"), Description("Of the canary the most, of the others the least that the mean is.")]
    public required double RewardBound { get; init; }

    public static CanarySideBody Of(CanarySide side) => new()
    {
        Calls = side.Calls,
        FailureRate = ApiJson.Finite(side.FailureRate),
        FailureBound = side.FailureBound,
        Rewards = side.Rewards,
        MeanReward = ApiJson.Finite(side.MeanReward),
        RewardBound = side.RewardBound,
    };
}
