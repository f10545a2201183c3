using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What a policy knows that has learned again.")]
internal sealed record RelearnBody
{
    [JsonPropertyName("object"), Description("Always `metallm.relearn`."), Required]
    public string Object { get; init; } = "metallm.relearn";

    [JsonPropertyName("tenant"), Description("The tenant.")]
    public required string Tenant { get; init; }

    [JsonPropertyName("decisions"), Description("Decisions that the counters of its models hold.")]
    public required long Decisions { get; init; }

    [JsonPropertyName("rewards"), Description("Rewards that they hold.")]
    public required long Rewards { get; init; }

    [JsonPropertyName("sequence"), Description("Number of the event among those of the tenant.")]
    public required long Sequence { get; init; }
}
