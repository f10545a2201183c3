using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MetaLlm.Gateway.Management;

namespace MetaLlm.Gateway.Contracts;

[Description("How good an answer was and what it took; `output_tokens` or `cost_usd` is needed.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OutcomeBody
{
    [JsonPropertyName("reward"), Description("How good the answer was."), Range(0, 1)]
    public required double Reward { get; init; }

    [JsonPropertyName("input_tokens"), Description("Tokens of the prompt; those of the line unless given."), Range(0, WarmStartReader.MostTokens)]
    public double? InputTokens { get; init; }

    [JsonPropertyName("cached_tokens"), Description("Those of them that the upstream had cached."), Range(0, WarmStartReader.MostTokens)]
    public double? CachedTokens { get; init; }

    [JsonPropertyName("output_tokens"), Description("Tokens of the answer; from the cost unless given."), Range(0, WarmStartReader.MostTokens)]
    public double? OutputTokens { get; init; }

    [JsonPropertyName("cost_usd"), Description("What it cost, USD; from the tokens unless given."), Range(0, WarmStartReader.MostUsd)]
    public double? CostUsd { get; init; }

    [JsonPropertyName("latency_ms"), Description("How long it took, milliseconds."), Range(0, WarmStartReader.MostMilliseconds)]
    public double? LatencyMs { get; init; }
}
