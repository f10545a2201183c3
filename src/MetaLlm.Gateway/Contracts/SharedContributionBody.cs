using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("All that a tenant has given to the pool.")]
internal sealed record SharedContributionBody
{
    [JsonPropertyName("object"), Description("Always `metallm.shared_contribution`."), Required]
    public string Object { get; init; } = "metallm.shared_contribution";

    [JsonPropertyName("tenant"), Description("The tenant.")]
    public required string Tenant { get; init; }

    [JsonPropertyName("give"), Description("Whether it gives.")]
    public required bool Give { get; init; }

    [JsonPropertyName("take"), Description("Whether its models start from the pool.")]
    public required bool Take { get; init; }

    [JsonPropertyName("epsilon"), Description("The largest epsilon that it gave with, which no single request exceeds over all times together; 0 before the first time.")]
    public required double Epsilon { get; init; }

    [JsonPropertyName("releases"), Description("How often it gave.")]
    public required int Releases { get; init; }

    [JsonPropertyName("at"), Description("When it gave last, or agreed to; null where it gives nothing.")]
    public required DateTimeOffset? At { get; init; }

    [JsonPropertyName("data"), Description("The sums, by model and topic.")]
    public required IReadOnlyList<GivenSumBody> Data { get; init; }
}
