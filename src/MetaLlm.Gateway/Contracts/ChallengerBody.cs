using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A tenant's policy, the policy that would take its place, and what the tenant's log says of both.")]
internal sealed record ChallengerBody
{
    [JsonPropertyName("object"), Description("Always `metallm.challenger`."), Required]
    public string Object { get; init; } = "metallm.challenger";

    [JsonPropertyName("tenant"), Description("The tenant.")]
    public required string Tenant { get; init; }

    [JsonPropertyName("champion"), Description("The tenant's policy.")]
    public required ChallengerPolicyBody Champion { get; init; }

    [JsonPropertyName("challenger"), Description("The tenant's `challenger`; null without one.")]
    public required DocumentBody? Challenger { get; init; }

    [JsonPropertyName("replaced"), Description("The policy that a rollback would put back; null without one.")]
    public required ChallengerPolicyBody? Replaced { get; init; }

    [JsonPropertyName("open"), Description("Whether the gate is open, so that the challenger may be promoted.")]
    public required bool Open { get; init; }

    [JsonPropertyName("reasons"), Description("Why it is not, in words.")]
    public required IReadOnlyList<string> Reasons { get; init; }

    [JsonPropertyName("evidence"), Description("What the log says; null where nobody has looked yet, or there is no challenger.")]
    public required ChallengerEvidenceBody? Evidence { get; init; }
}
