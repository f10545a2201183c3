using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Feedback;

namespace MetaLlm.Gateway.Contracts;

[Description("How good an answer was, and what it took if you made the call yourself.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FeedbackItemBody
{
    [JsonPropertyName("decision_id"), Description("The id of the decision or of the answer; it or `id` is needed."), MinLength(1), MaxLength(FeedbackReader.LongestId)]
    public string? DecisionId { get; init; }

    [JsonPropertyName("id"), Description("The same under another name."), MinLength(1), MaxLength(FeedbackReader.LongestId)]
    public string? Id { get; init; }

    [JsonPropertyName("session"), Description("In place of them, the name of a conversation: the reward is for all of its decisions."), MinLength(1), MaxLength(RoutingPreferences.LongestSession)]
    public string? Session { get; init; }

    [JsonPropertyName("scope"), Description("`conversation` gives the reward to all decisions of the conversation up to the one that is named, each at an equal share of the weight; `decision` unless given."), AllowedValues(FeedbackReader.Decision, FeedbackReader.Conversation)]
    public string? Scope { get; init; }

    [JsonPropertyName("reward"), Description("How good the answer was; null takes back what was said."), Range(0, 1)]
    public required double? Reward { get; init; }

    [JsonPropertyName("weight"), Description("How much the reward counts, 1 unless given."), Range(0, 1, MinimumIsExclusive = true)]
    public double? Weight { get; init; }

    [JsonPropertyName("label"), Description("Kept with the reward."), MinLength(1), MaxLength(FeedbackReader.LongestLabel)]
    public string? Label { get; init; }

    [JsonPropertyName("comment"), Description("Kept with the reward."), MinLength(1), MaxLength(FeedbackReader.LongestComment)]
    public string? Comment { get; init; }

    [JsonPropertyName("idempotency_key"), Description("The same decision and key again is a duplicate, or with other content a conflict."), MinLength(1), MaxLength(FeedbackReader.LongestKey)]
    public string? IdempotencyKey { get; init; }

    [JsonPropertyName("usage"), Description("Tokens of a call that you made yourself.")]
    public UsageBody? Usage { get; init; }

    [JsonPropertyName("cost_usd"), Description("What such a call cost, USD."), Range(0, FeedbackReader.MostUsd)]
    public double? CostUsd { get; init; }

    [JsonPropertyName("latency_ms"), Description("How long such a call took, milliseconds."), Range(0, FeedbackReader.MostMilliseconds)]
    public double? LatencyMs { get; init; }
}
