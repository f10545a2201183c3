using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("Something that keeps a batch from running.")]
internal sealed record BatchErrorBody
{
    [JsonPropertyName("code"), Description("Which kind.")]
    public required string Code { get; init; }

    [JsonPropertyName("message"), Description("A sentence for people.")]
    public required string Message { get; init; }

    [JsonPropertyName("param"), Description("Always null.")]
    public string? Param { get; init; }

    [JsonPropertyName("line"), Description("Line of the file, from 1; null for the batch as a whole.")]
    public required int? Line { get; init; }
}
