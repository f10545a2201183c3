using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("How a tenant's guarantee stands. Nothing that questions beside cost counts as the tenant's.")]
internal sealed record GuaranteeBody
{
    [JsonPropertyName("object"), Description("Always `metallm.guarantee`."), Required]
    public string Object { get; init; } = "metallm.guarantee";

    [JsonPropertyName("tenant"), Description("The tenant.")]
    public required string Tenant { get; init; }

    [JsonPropertyName("spend_usd"), Description("What questions beside have cost since the beginning, USD.")]
    public required double SpendUsd { get; init; }

    [JsonPropertyName("window"), Description("Their purse; null before the first question.")]
    public required WindowBody? Window { get; init; }

    [JsonPropertyName("dropped"), Description("Comparisons that were dropped for want of room: of the process that answers, since its start.")]
    public required long Dropped { get; init; }

    [JsonPropertyName("certificate"), Description("What is proven; null without a guarantee.")]
    public required CertificateBody? Certificate { get; init; }
}
