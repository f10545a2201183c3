using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What the cascade has done.")]
internal sealed record CascadeBody
{
    [JsonPropertyName("weighed"), Description("First answers that were weighed.")]
    public required long Weighed { get; init; }

    [JsonPropertyName("escalated"), Description("Those of them whose place another model's answer took.")]
    public required long Escalated { get; init; }

    [JsonPropertyName("rewarded"), Description("Weighed answers whose rewards have taught the cascade.")]
    public required long Rewarded { get; init; }

    [JsonPropertyName("first_usd"), Description("What the answers cost that never left, USD; part of the spend.")]
    public required double FirstUsd { get; init; }

    [JsonPropertyName("second_usd"), Description("What the answers cost that took their place, USD; part of the spend.")]
    public required double SecondUsd { get; init; }
}
