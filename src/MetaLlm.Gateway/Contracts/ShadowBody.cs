using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What the shadow of a tenant has seen and cost. Nothing of it counts as the tenant's.")]
internal sealed record ShadowBody
{
    [JsonPropertyName("object"), Description("Always `metallm.shadow`."), Required]
    public string Object { get; init; } = "metallm.shadow";

    [JsonPropertyName("tenant"), Description("The tenant.")]
    public required string Tenant { get; init; }

    [JsonPropertyName("share"), Description("Share of the calls that it sees; 0 without a shadow.")]
    public required double Share { get; init; }

    [JsonPropertyName("policy"), Description("The policy that chooses among its models; null without a shadow.")]
    public required string? Policy { get; init; }

    [JsonPropertyName("calls"), Description("Calls that it has seen.")]
    public required long Calls { get; init; }

    [JsonPropertyName("left_out"), Description("Calls that it should have seen and did not, since its cap was reached, no model of it could serve or too many ran: of the process that answers, since its start.")]
    public required long LeftOut { get; init; }

    [JsonPropertyName("spend_usd"), Description("What they have cost since the beginning, USD.")]
    public required double SpendUsd { get; init; }

    [JsonPropertyName("window"), Description("Its cap; null before the first call.")]
    public required WindowBody? Window { get; init; }

    [JsonPropertyName("arms"), Description("Its models.")]
    public required IReadOnlyList<ShadowArmBody> Arms { get; init; }
}
