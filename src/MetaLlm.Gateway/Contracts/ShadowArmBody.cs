using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What is known of one model of a shadow.")]
internal sealed record ShadowArmBody
{
    [JsonPropertyName("id"), Description("The model.")]
    public required string Id { get; init; }

    [JsonPropertyName("pulls"), Description("How often it was chosen.")]
    public required long Pulls { get; init; }

    [JsonPropertyName("mean_cost_usd"), Description("Mean cost of a call, USD; null without any.")]
    public required double? MeanCostUsd { get; init; }

    [JsonPropertyName("mean_latency_seconds"), Description("Mean latency of completed calls, seconds; null without any.")]
    public required double? MeanLatencySeconds { get; init; }

    [JsonPropertyName("spend_usd"), Description("Sum of the cost of its calls and of failed attempts at it, USD.")]
    public required double SpendUsd { get; init; }

    [JsonPropertyName("failure_rate"), Description("Share of attempts that are expected to fail, by the last few hundred decisions; 0 while none has failed.")]
    public required double FailureRate { get; init; }
}
