using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("The weights that the request asked for.")]
internal sealed record PreferenceBody
{
    [JsonPropertyName("quality"), Description("Weight of quality.")]
    public required double Quality { get; init; }

    [JsonPropertyName("cost"), Description("Weight of money.")]
    public required double Cost { get; init; }

    [JsonPropertyName("latency"), Description("Weight of time.")]
    public required double Latency { get; init; }
}
