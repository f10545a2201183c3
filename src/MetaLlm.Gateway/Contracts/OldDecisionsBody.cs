using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("Decisions of a tenant that are old enough to go.")]
internal sealed record OldDecisionsBody
{
    [JsonPropertyName("tenant"), Description("The tenant.")]
    public required string Tenant { get; init; }

    [JsonPropertyName("decisions"), Description("How many they are at most: those with a running call, or with news, stay longer. Not counted beyond 100,000.")]
    public required long Decisions { get; init; }

    [JsonPropertyName("first_at"), Description("When the first was made.")]
    public required DateTimeOffset FirstAt { get; init; }
}
