using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What is predicted of a request that is not decided.")]
internal sealed record QueryAssessmentBody
{
    [JsonPropertyName("object"), Description("Always `metallm.assessment`."), Required]
    public string Object { get; init; } = "metallm.assessment";

    [JsonPropertyName("input_tokens"), Description("Tokens of the prompt, estimated.")]
    public required double InputTokens { get; init; }

    [JsonPropertyName("arms"), Description("Every model as it looks; nothing is predicted of those that are left out.")]
    public required IReadOnlyList<AssessmentBody> Arms { get; init; }
}
