using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>What a response repeats of its request. It outlives the request's document.</summary>
internal sealed class ResponsesAsked
{
    private static readonly (string Name, string Missing)[] Repeated =
    [
        ("instructions", "null"), ("max_output_tokens", "null"), ("max_tool_calls", "null"), ("metadata", "{}"), ("parallel_tool_calls", "true"), ("previous_response_id", "null"),
        ("prompt_cache_key", "null"), ("reasoning", """{"effort":null,"summary":null}"""), ("safety_identifier", "null"), ("service_tier", "\"default\""), ("temperature", "1"),
        ("text", """{"format":{"type":"text"}}"""), ("tool_choice", "\"auto\""), ("tools", "[]"), ("top_p", "1"), ("truncation", "\"disabled\""), ("user", "null"),
    ];

    private readonly string[] _values;

    public ResponsesAsked(JsonElement body, bool isStored)
    {
        var root = new JsonObjectReader(body, string.Empty);
        _values = Array.ConvertAll(Repeated, member => root.Find(member.Name) is { } value ? value.GetRawText() : member.Missing);
        IsStored = isStored;
        PreviousId = root.Find("previous_response_id") is null ? null : root.RequiredText("previous_response_id", ResponsesSurface.LongestId);
        ConversationId = root.Find("conversation") switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } => root.RequiredText("conversation", ResponsesSurface.LongestId),
            _ => root.RequiredObject("conversation").RequiredText("id", ResponsesSurface.LongestId),
        };
        if (ConversationId is not null && PreviousId is not null)
        {
            throw ApiException.BadField("conversation", "is given beside previous_response_id; only one of them may be.");
        }
    }

    /// <summary>Whether the response is kept.</summary>
    public bool IsStored { get; }

    /// <summary>The conversation that it is a turn of; null for none.</summary>
    public string? ConversationId { get; }

    /// <summary>The response that it goes on from; null for none.</summary>
    public string? PreviousId { get; }

    /// <summary>Writes which conversation it belongs to; nothing for none.</summary>
    public void WriteConversation(Utf8JsonWriter writer)
    {
        if (ConversationId is not null)
        {
            writer.WriteStartObject("conversation");
            writer.WriteString("id", ConversationId);
            writer.WriteEndObject();
        }
    }

    /// <summary>Writes the members.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("background", false);
        writer.WriteBoolean("store", IsStored);
        WriteConversation(writer);
        for (var i = 0; i < Repeated.Length; i++)
        {
            writer.WritePropertyName(Repeated[i].Name);

            // In an event it must be one line; within JSON, line ends stand between tokens alone.
            writer.WriteRawValue(_values[i].ReplaceLineEndings(" "), skipInputValidation: true);
        }
    }
}
