using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Core.Sharing;

namespace MetaLlm.Gateway.Contracts;

[Description("What a tenant gave of a model on a topic, with noise.")]
internal sealed record GivenSumBody
{
    [JsonPropertyName("model"), Description("What the model is known by among tenants.")]
    public required string Model { get; init; }

    [JsonPropertyName("topic"), Description("The topic; empty for requests of no topic that is pooled.")]
    public required string Topic { get; init; }

    [JsonPropertyName("good"), Description("Sum of the rewards, with noise: it may be below 0.")]
    public required double Good { get; init; }

    [JsonPropertyName("bad"), Description("Sum of what the rewards lack to 1, with noise.")]
    public required double Bad { get; init; }

    public static GivenSumBody Of(SharedCell cell) => new()
    {
        Model = cell.Model, Topic = cell.Topic, Good = cell.Good / (double)SharedTally.Parts, Bad = cell.Bad / (double)SharedTally.Parts,
    };
}
