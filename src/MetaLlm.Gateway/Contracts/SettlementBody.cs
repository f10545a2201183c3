using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Gateway.Contracts;

[Description("How a call ended.")]
internal sealed record SettlementBody
{
    [JsonPropertyName("outcome"), Description("How it ended."), JsonConverter(typeof(WireWord<CallOutcome>))]
    public required CallOutcome Outcome { get; init; }

    [JsonPropertyName("prompt_tokens"), Description("Tokens of the prompt.")]
    public required double PromptTokens { get; init; }

    [JsonPropertyName("cached_tokens"), Description("Those of them that the upstream had cached.")]
    public required double CachedTokens { get; init; }

    [JsonPropertyName("completion_tokens"), Description("Tokens of the answer.")]
    public required double CompletionTokens { get; init; }

    [JsonPropertyName("cost_usd"), Description("What the call cost, USD, without the attempts that failed before.")]
    public required double? CostUsd { get; init; }

    [JsonPropertyName("latency_seconds"), Description("Seconds to the full answer; null when they were not measured.")]
    public required double? LatencySeconds { get; init; }
}
