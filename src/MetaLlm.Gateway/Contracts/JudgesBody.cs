using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("The judges of a tenant's answers. Nothing that they cost counts as the tenant's.")]
internal sealed record JudgesBody
{
    [JsonPropertyName("object"), Description("Always `metallm.judges`."), Required]
    public string Object { get; init; } = "metallm.judges";

    [JsonPropertyName("tenant"), Description("The tenant.")]
    public required string Tenant { get; init; }

    [JsonPropertyName("share"), Description("Share of the answers that are judged; 0 without judges.")]
    public required double Share { get; init; }

    [JsonPropertyName("dropped"), Description("Answers that were taken and dropped for want of room: of the process that answers, since its start.")]
    public required long Dropped { get; init; }

    [JsonPropertyName("spend_usd"), Description("What models have cost that judge, since the beginning, USD.")]
    public required double SpendUsd { get; init; }

    [JsonPropertyName("window"), Description("Their purse; null before the first call.")]
    public required WindowBody? Window { get; init; }

    [JsonPropertyName("judges"), Description("The judges.")]
    public required IReadOnlyList<JudgeBody> Judges { get; init; }
}
