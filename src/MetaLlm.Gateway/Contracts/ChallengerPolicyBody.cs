using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A policy with its options, as the tenant's document has them.")]
internal sealed record ChallengerPolicyBody
{
    [JsonPropertyName("policy"), Description("The policy.")]
    public required string Policy { get; init; }

    [JsonPropertyName("policyOptions"), Description("Numbers that tune it, by name.")]
    public required IReadOnlyDictionary<string, double> PolicyOptions { get; init; }
}
