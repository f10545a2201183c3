using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A request that was kept. Lists leave its texts out.")]
internal sealed record LoggedRequestBody
{
    [JsonPropertyName("object"), Description("Always `metallm.request`."), Required]
    public string Object { get; init; } = "metallm.request";

    [JsonPropertyName("id"), Description("The id: that of the decision where one was made.")]
    public required string Id { get; init; }

    [JsonPropertyName("created_at"), Description("When it came.")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("path"), Description("Where it went, such as `/v1/chat/completions`.")]
    public required string Path { get; init; }

    [JsonPropertyName("model"), Description("The model that answered; null where none did.")]
    public required string? Model { get; init; }

    [JsonPropertyName("stream"), Description("Whether a stream was asked for.")]
    public required bool Stream { get; init; }

    [JsonPropertyName("status"), Description("HTTP status of the response; 499 where the client left before its end.")]
    public required int Status { get; init; }

    [JsonPropertyName("error"), Description("The code of the error that the client was told, such as `content_blocked`; null for none.")]
    public required string? Error { get; init; }

    [JsonPropertyName("decision_id"), Description("The decision; null where none was made.")]
    public required string? DecisionId { get; init; }

    [JsonPropertyName("request_id"), Description("The client's id of its request; null for none.")]
    public required string? RequestId { get; init; }

    [JsonPropertyName("key"), Description("Id of the API key, for keys made over HTTP; null otherwise.")]
    public required string? Key { get; init; }

    [JsonPropertyName("seconds"), Description("From the request to the end of its answer.")]
    public required double Seconds { get; init; }

    [JsonPropertyName("request"), Description("What went to models: a chat completion request whatever format the client speaks, or the request of a format beside chat. A text where it was cut."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Request { get; init; }

    [JsonPropertyName("request_cut"), Description("Whether the request was longer than what is kept."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? RequestCut { get; init; }

    [JsonPropertyName("answer"), Description("The texts of the answer, those of a stream joined."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LoggedTextBody>? Answer { get; init; }

    [JsonPropertyName("answer_cut"), Description("Whether the answer was longer than what is kept."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? AnswerCut { get; init; }
}
