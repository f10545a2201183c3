using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Gateway.Contracts;

[Description("How the quality floor stands.")]
internal sealed record QualityFloorBody
{
    [JsonPropertyName("floor"), Description("Mean reward to keep, 0 to 1.")]
    public required double Floor { get; init; }

    [JsonPropertyName("recent_reward"), Description("Mean of the last few hundred rewards; null before the first.")]
    public required double? RecentReward { get; init; }

    [JsonPropertyName("rewards"), Description("Rewards since the floor was set.")]
    public required long Rewards { get; init; }

    [JsonPropertyName("status"), Description("How it stands."), JsonConverter(typeof(WireWord<QualityFloorStatus>))]
    public required QualityFloorStatus Status { get; init; }
}
