using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MetaLlm.Gateway.Management;

namespace MetaLlm.Gateway.Contracts;

[Description("One line: a query with what models answered to it. A warm start has outcomes of every model, a quiz of the model in the path and perhaps of others.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OnboardingLineBody
{
    [JsonPropertyName("query"), Description("The text, as requests will have it."), MinLength(1), MaxLength(WarmStartReader.LongestQuery)]
    public required string Query { get; init; }

    [JsonPropertyName("task"), Description("The tag that such requests will carry."), MinLength(1), MaxLength(WarmStartReader.LongestTask)]
    public string? Task { get; init; }

    [JsonPropertyName("input_tokens"), Description("Tokens of the prompt; estimated from the text unless given."), Range(1, WarmStartReader.MostTokens)]
    public double? InputTokens { get; init; }

    [JsonPropertyName("outcomes"), Description("The outcome of each model, by its id.")]
    public required IReadOnlyDictionary<string, OutcomeBody> Outcomes { get; init; }
}
