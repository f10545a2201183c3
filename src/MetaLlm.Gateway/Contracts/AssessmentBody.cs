using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("How one model looked when the decision was made.")]
internal sealed record AssessmentBody
{
    [JsonPropertyName("id"), Description("The model.")]
    public required string Id { get; init; }

    [JsonPropertyName("quality"), Description("Predicted reward; null when nothing is predicted.")]
    public required double? Quality { get; init; }

    [JsonPropertyName("quality_deviation"), Description("Standard deviation of that prediction.")]
    public required double? QualityDeviation { get; init; }

    [JsonPropertyName("cost_usd"), Description("Predicted cost, USD.")]
    public required double? CostUsd { get; init; }

    [JsonPropertyName("bound_usd"), Description("What caps set aside for a call of it, USD.")]
    public required double BoundUsd { get; init; }

    [JsonPropertyName("cached_tokens"), Description("Prompt tokens that were expected out of its cache, since it has served earlier turns; 0 where nothing was known.")]
    public required double CachedTokens { get; init; }

    [JsonPropertyName("latency_seconds"), Description("Predicted seconds to the full answer.")]
    public required double? LatencySeconds { get; init; }

    [JsonPropertyName("score"), Description("What was maximised; null for a model that was left out.")]
    public required double? Score { get; init; }

    [JsonPropertyName("propensity"), Description("Exact probability with which the model was chosen, 0 to 1.")]
    public required double Propensity { get; init; }

    [JsonPropertyName("exclusion"), Description("Why the model was left out; null when it was not.")]
    public required string? Exclusion { get; init; }
}
