using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Core.Rollout;

namespace MetaLlm.Gateway.Contracts;

[Description("How the canary does beside the other models.")]
internal sealed record CanaryBody
{
    [JsonPropertyName("model"), Description("The canary.")]
    public required string Model { get; init; }

    [JsonPropertyName("share"), Description("Share of the requests that it is to get.")]
    public required double Share { get; init; }

    [JsonPropertyName("stopped"), Description("Why it was stopped and gets none any more; null while it was not."), JsonConverter(typeof(WireWord<CanaryStop>))]
    public required CanaryStop? Stopped { get; init; }

    [JsonPropertyName("stopped_at"), Description("When it was stopped; null while it was not.")]
    public required DateTimeOffset? StoppedAt { get; init; }

    [JsonPropertyName("canary"), Description("Its calls.")]
    public required CanarySideBody Canary { get; init; }

    [JsonPropertyName("others"), Description("Those of the other models since it began.")]
    public required CanarySideBody Others { get; init; }

    public static CanaryBody Of(CanaryReport report) => new()
    {
        Model = report.Arm,
        Share = report.Share,
        Stopped = report.Stop == CanaryStop.None ? null : report.Stop,
        StoppedAt = report.StoppedAt,
        Canary = CanarySideBody.Of(report.Canary),
        Others = CanarySideBody.Of(report.Others),
    };
}
