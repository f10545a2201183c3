using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A batch. Times are Unix seconds, null for what has not happened.")]
internal sealed record BatchBody
{
    [JsonPropertyName("id"), Description("Its id.")]
    public required string Id { get; init; }

    [JsonPropertyName("object"), Description("Always `batch`."), Required]
    public string Object { get; init; } = "batch";

    [JsonPropertyName("endpoint"), Description("Where its queries go.")]
    public required string Endpoint { get; init; }

    [JsonPropertyName("errors"), Description("What keeps it from running; null for nothing.")]
    public required ListBody<BatchErrorBody>? Errors { get; init; }

    [JsonPropertyName("input_file_id"), Description("The file of its queries.")]
    public required string InputFileId { get; init; }

    [JsonPropertyName("completion_window"), Description("Always `24h`."), Required]
    public string CompletionWindow { get; init; } = "24h";

    [JsonPropertyName("status"), Description("`validating`, `failed`, `in_progress`, `finalizing`, `completed`, `expired`, `cancelling` or `cancelled`.")]
    public required string Status { get; init; }

    [JsonPropertyName("output_file_id"), Description("The file of its answers; null while there is none.")]
    public required string? OutputFileId { get; init; }

    [JsonPropertyName("error_file_id"), Description("The file of queries without an answer; null while there is none.")]
    public required string? ErrorFileId { get; init; }

    [JsonPropertyName("created_at"), Description("When it was made.")]
    public required long CreatedAt { get; init; }

    [JsonPropertyName("in_progress_at"), Description("When its first query could run.")]
    public required long? InProgressAt { get; init; }

    [JsonPropertyName("expires_at"), Description("When what has not run by then is given up.")]
    public required long ExpiresAt { get; init; }

    [JsonPropertyName("finalizing_at"), Description("When all was done but the files.")]
    public required long? FinalizingAt { get; init; }

    [JsonPropertyName("completed_at"), Description("When it was completed.")]
    public required long? CompletedAt { get; init; }

    [JsonPropertyName("failed_at"), Description("When it failed.")]
    public required long? FailedAt { get; init; }

    [JsonPropertyName("expired_at"), Description("When it expired.")]
    public required long? ExpiredAt { get; init; }

    [JsonPropertyName("cancelling_at"), Description("When it was asked to stop.")]
    public required long? CancellingAt { get; init; }

    [JsonPropertyName("cancelled_at"), Description("When it had stopped.")]
    public required long? CancelledAt { get; init; }

    [JsonPropertyName("request_counts"), Description("How far it is.")]
    public required BatchCountsBody RequestCounts { get; init; }

    [JsonPropertyName("metadata"), Description("What came with it; null for nothing.")]
    public required IReadOnlyDictionary<string, string>? Metadata { get; init; }

    [JsonPropertyName("metallm"), Description("Its goal and its money.")]
    public required BatchMoneyBody Metallm { get; init; }
}
