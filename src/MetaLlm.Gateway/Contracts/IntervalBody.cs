using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Core.Judging;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Contracts;

[Description("An estimate with its interval at 95 %.")]
internal sealed record IntervalBody
{
    [JsonPropertyName("mean"), Description("The estimate; null where nothing is known.")]
    public required double? Mean { get; init; }

    [JsonPropertyName("low"), Description("The least that it is.")]
    public required double Low { get; init; }

    [JsonPropertyName("high"), Description("The most that it is.")]
    public required double High { get; init; }

    public static IntervalBody Of(PoweredEstimate estimate) => new() { Mean = ApiJson.Finite(estimate.Mean), Low = estimate.Low, High = estimate.High };
}
