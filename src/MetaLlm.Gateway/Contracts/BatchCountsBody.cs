using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("How far a batch is.")]
internal sealed record BatchCountsBody
{
    [JsonPropertyName("total"), Description("Queries; 0 until they were looked at.")]
    public required int Total { get; init; }

    [JsonPropertyName("completed"), Description("Queries with an answer.")]
    public required int Completed { get; init; }

    [JsonPropertyName("failed"), Description("Queries that have an error.")]
    public required int Failed { get; init; }
}
