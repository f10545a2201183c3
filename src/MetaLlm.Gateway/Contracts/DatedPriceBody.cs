using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("Prices of a model that hold from a moment on.")]
internal sealed record DatedPriceBody
{
    [JsonPropertyName("from"), Description("The moment; null for the first ones, which held before.")]
    public required DateTimeOffset? From { get; init; }

    [JsonPropertyName("input_usd_per_million"), Description("USD per million tokens of prompts.")]
    public required double InputUsdPerMillion { get; init; }

    [JsonPropertyName("cached_input_usd_per_million"), Description("USD per million tokens of prompts that the upstream had cached.")]
    public required double CachedInputUsdPerMillion { get; init; }

    [JsonPropertyName("output_usd_per_million"), Description("USD per million tokens of answers.")]
    public required double OutputUsdPerMillion { get; init; }
}
