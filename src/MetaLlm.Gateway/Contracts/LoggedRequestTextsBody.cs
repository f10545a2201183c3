using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

/// <summary>The texts of a request as the store has them.</summary>
internal sealed record LoggedRequestTextsBody
{
    [JsonPropertyName("request")]
    public JsonElement? Request { get; init; }

    [JsonPropertyName("request_cut")]
    public bool? RequestCut { get; init; }

    [JsonPropertyName("answer")]
    public IReadOnlyList<LoggedTextBody>? Answer { get; init; }

    [JsonPropertyName("answer_cut")]
    public bool? AnswerCut { get; init; }
}
