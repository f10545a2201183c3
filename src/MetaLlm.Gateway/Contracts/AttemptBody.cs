using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("An attempt at a model.")]
internal sealed record AttemptBody
{
    [JsonPropertyName("arm"), Description("The model.")]
    public required string Arm { get; init; }

    [JsonPropertyName("deployment"), Description("The deployment of the model, where it has several."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Deployment { get; init; }

    [JsonPropertyName("outcome"), Description("How it ended: how the call did, or for an attempt before, the kind of failure; `escalated` where its answer was held back in doubt.")]
    public required string Outcome { get; init; }

    [JsonPropertyName("prompt_tokens"), Description("Tokens of the prompt that the upstream may charge for.")]
    public required double PromptTokens { get; init; }

    [JsonPropertyName("cached_tokens"), Description("Those of them that the upstream had cached.")]
    public required double CachedTokens { get; init; }

    [JsonPropertyName("completion_tokens"), Description("Tokens of the answer that the upstream may charge for.")]
    public required double CompletionTokens { get; init; }

    [JsonPropertyName("cost_usd"), Description("What it cost, USD.")]
    public required double? CostUsd { get; init; }

    [JsonPropertyName("seconds"), Description("How long it took; null when that was not measured.")]
    public required double? Seconds { get; init; }
}
