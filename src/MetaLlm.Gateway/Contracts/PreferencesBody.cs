using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MetaLlm.Gateway.Chat;

namespace MetaLlm.Gateway.Contracts;

[Description("Weights for one request.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PreferencesBody
{
    [JsonPropertyName("quality"), Description("Weight of quality, 1 unless given."), Range(0, RoutingPreferences.LargestWeight, MinimumIsExclusive = true)]
    public double? Quality { get; init; }

    [JsonPropertyName("cost"), Description("Weight of money, 1 unless given."), Range(0, RoutingPreferences.LargestWeight)]
    public double? Cost { get; init; }

    [JsonPropertyName("latency"), Description("Weight of time, 1 unless given."), Range(0, RoutingPreferences.LargestWeight)]
    public double? Latency { get; init; }
}
