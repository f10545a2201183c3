using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("Why a policy took the place of another, as the audit keeps it.")]
internal sealed record PromotionRecordBody
{
    [JsonPropertyName("policy"), Description("The policy that is in force from now on.")]
    public required ChallengerPolicyBody Policy { get; init; }

    [JsonPropertyName("forced"), Description("Whether the gate was shut.")]
    public required bool Forced { get; init; }

    [JsonPropertyName("reasons"), Description("Why the gate was shut.")]
    public required IReadOnlyList<string> Reasons { get; init; }

    [JsonPropertyName("evidence"), Description("What the log said; null where nobody had looked.")]
    public required ChallengerEvidenceBody? Evidence { get; init; }
}
