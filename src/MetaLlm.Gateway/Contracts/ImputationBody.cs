using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Gateway.Contracts;

[Description("How the imputation of missing rewards stands.")]
internal sealed record ImputationBody
{
    [JsonPropertyName("status"), Description("Whether it is on."), JsonConverter(typeof(WireWord<ImputationStatus>))]
    public required ImputationStatus Status { get; init; }

    [JsonPropertyName("bias"), Description("Mean of prediction minus reward over the last held-out rewards that came in time; null without any.")]
    public required double? Bias { get; init; }

    [JsonPropertyName("n"), Description("How many those are, at most 256.")]
    public required int N { get; init; }

    [JsonPropertyName("late_bias"), Description("The same over rewards that came after the feedback window; null without any.")]
    public required double? LateBias { get; init; }

    [JsonPropertyName("late_n"), Description("How many those are, at most 256.")]
    public required int LateN { get; init; }
}
