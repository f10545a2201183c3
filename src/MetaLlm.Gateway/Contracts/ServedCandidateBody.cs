using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What a model served under a guarantee.")]
internal sealed record ServedCandidateBody
{
    [JsonPropertyName("id"), Description("The model.")]
    public required string Id { get; init; }

    [JsonPropertyName("requests"), Description("Requests that it served.")]
    public required long Requests { get; init; }

    [JsonPropertyName("audits"), Description("Those in which the reference was asked beside, and a verdict came.")]
    public required long Audits { get; init; }

    [JsonPropertyName("differing"), Description("Audits whose verdict was that the answers differ.")]
    public required long Differing { get; init; }
}
