using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A batch to run.")]
internal sealed record BatchRequestBody
{
    [JsonPropertyName("input_file_id"), Description("A file of purpose `batch`, with a query in each line.")]
    public required string InputFileId { get; init; }

    [JsonPropertyName("endpoint"), Description("`/v1/chat/completions`, `/v1/responses`, `/v1/embeddings` or `/v1/completions`.")]
    public required string Endpoint { get; init; }

    [JsonPropertyName("completion_window"), Description("Must be `24h`.")]
    public required string CompletionWindow { get; init; }

    [JsonPropertyName("metadata"), Description("Up to 16 texts by name, which are handed back.")]
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    [JsonPropertyName("metallm"), Description("What the batch is to come to; for chat completions alone.")]
    public BatchGoalBody? Metallm { get; init; }
}
