using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What became of a warm start.")]
internal sealed record WarmStartBody
{
    [JsonPropertyName("object"), Description("Always `metallm.warm_start`."), Required]
    public string Object { get; init; } = "metallm.warm_start";

    [JsonPropertyName("tenant"), Description("The tenant.")]
    public required string Tenant { get; init; }

    [JsonPropertyName("status"), Description("`duplicate`: the policy rests on these very lines already."), JsonConverter(typeof(WireWord<OnboardingStatus>))]
    public required OnboardingStatus Status { get; init; }

    [JsonPropertyName("rows"), Description("Lines that the policy now rests on.")]
    public required int Rows { get; init; }

    [JsonPropertyName("sequence"), Description("Number of the event among those of the tenant; null for a duplicate.")]
    public required long? Sequence { get; init; }
}
