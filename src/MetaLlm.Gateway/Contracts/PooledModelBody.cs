using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Core.Sharing;

namespace MetaLlm.Gateway.Contracts;

[Description("What several tenants gave of a model on a topic, with noise.")]
internal sealed record PooledModelBody
{
    [JsonPropertyName("model"), Description("What the model is known by among tenants: its upstream's name, and the upstream's name of it.")]
    public required string Model { get; init; }

    [JsonPropertyName("topic"), Description("The topic; empty for requests of no topic that is pooled.")]
    public required string Topic { get; init; }

    [JsonPropertyName("tenants"), Description("How many tenants gave.")]
    public required int Tenants { get; init; }

    [JsonPropertyName("count"), Description("Number of rewards, with noise: it may be below 0.")]
    public required double Count { get; init; }

    [JsonPropertyName("mean"), Description("Mean reward, 0 to 1; 0.5 where noise left nothing to read.")]
    public required double Mean { get; init; }

    [JsonPropertyName("worth"), Description("How many rewards without noise would tell as much of the mean.")]
    public required double Worth { get; init; }

    public static PooledModelBody Of(PooledCell cell) => new()
    {
        Model = cell.Model, Topic = cell.Topic, Tenants = cell.Tenants, Count = cell.Count, Mean = cell.Mean, Worth = cell.Worth,
    };
}
