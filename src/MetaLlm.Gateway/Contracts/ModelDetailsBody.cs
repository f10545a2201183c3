using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("Prices and abilities of a model.")]
internal sealed record ModelDetailsBody
{
    [JsonPropertyName("input_usd_per_million"), Description("USD per million tokens of prompts.")]
    public required double InputUsdPerMillion { get; init; }

    [JsonPropertyName("cached_input_usd_per_million"), Description("USD per million tokens of prompts that the upstream had cached.")]
    public required double CachedInputUsdPerMillion { get; init; }

    [JsonPropertyName("output_usd_per_million"), Description("USD per million tokens of answers.")]
    public required double OutputUsdPerMillion { get; init; }

    [JsonPropertyName("prices"), Description("Every price with the moment from which it holds, in order; left out where prices have no dates."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DatedPriceBody>? Prices { get; init; }

    [JsonPropertyName("context_tokens"), Description("Longest prompt, tokens; null when it is not known.")]
    public required int? ContextTokens { get; init; }

    [JsonPropertyName("capabilities"), Description("What it can do beyond text, such as `tools`, `vision`, `json`; null for anything.")]
    public required IReadOnlyList<string>? Capabilities { get; init; }

    [JsonPropertyName("space"), Description("The vector space of an embedding model; left out for others."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Space { get; init; }

    [JsonPropertyName("dimensions"), Description("Numbers of a vector of an embedding model; left out where they are not known, and for others."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Dimensions { get; init; }
}
