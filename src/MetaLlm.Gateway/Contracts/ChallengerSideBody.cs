using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Evaluation.Challenging;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Contracts;

[Description("What a policy would do on the logged decisions, estimated.")]
internal sealed record ChallengerSideBody
{
    [JsonPropertyName("reward"), Description("Mean reward, doubly robust; null without any decision that counts.")]
    public required double? Reward { get; init; }

    [JsonPropertyName("cost_usd"), Description("Mean predicted cost of a request, USD; null without any decision that counts.")]
    public required double? CostUsd { get; init; }

    public static ChallengerSideBody Of(TrialSide side) => new() { Reward = ApiJson.Finite(side.Reward), CostUsd = ApiJson.Finite(side.CostUsd) };
}
