using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What a day, a model, a task or a tenant has used.")]
internal sealed record UsageRowBody
{
    [JsonPropertyName("group"), Description("The day (UTC), the model, the task, the id of the key, or the tenant. An empty task is one that no client named, an empty key one of the configuration, or none.")]
    public required string Group { get; init; }

    [JsonPropertyName("requests"), Description("Decisions.")]
    public required long Requests { get; init; }

    [JsonPropertyName("prompt_tokens"), Description("Prompt tokens of calls that have ended, cached ones among them.")]
    public required double PromptTokens { get; init; }

    [JsonPropertyName("cached_tokens"), Description("Prompt tokens that upstreams had cached.")]
    public required double CachedTokens { get; init; }

    [JsonPropertyName("completion_tokens"), Description("Completion tokens.")]
    public required double CompletionTokens { get; init; }

    [JsonPropertyName("spend_usd"), Description("What calls cost, USD, attempts without an answer among them.")]
    public required double SpendUsd { get; init; }

    [JsonPropertyName("wasted_usd"), Description("What attempts cost that gave no answer, USD.")]
    public required double WastedUsd { get; init; }

    [JsonPropertyName("rewards"), Description("Decisions with feedback.")]
    public required long Rewards { get; init; }

    [JsonPropertyName("mean_reward"), Description("Mean of their rewards; null for none.")]
    public required double? MeanReward { get; init; }
}
