using System.Buffers;
using System.Text.Json;
using MetaLlm.Gateway.Surfaces;
using Microsoft.Extensions.AI;

namespace MetaLlm.Extensions.AI.Chat;

/// <summary>Writes a request as a chat completion request, the form that routing reads and upstreams get.</summary>
internal static class ChatBody
{
    /// <summary>The model that stands for all.</summary>
    public const string Auto = "auto";

    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>Writes a request.</summary>
    /// <param name="messages">Its messages.</param>
    /// <param name="options">Its options; null for none.</param>
    /// <param name="stream">Whether the answer is to come as a stream.</param>
    /// <exception cref="MetaLlmException">It holds what chat completions have no form for; the exception names the field.</exception>
    public static byte[] Write(IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = ChatWriter.Open(body))
        {
            json.WriteStartObject();
            json.WriteString("model", options?.ModelId ?? Auto);
            ChatBodyMessages.Write(json, messages, options?.Instructions);
            if (options is not null)
            {
                ChatBodyOptions.Write(json, options);
            }

            if (stream)
            {
                json.WriteBoolean("stream", true);
                json.WriteStartObject("stream_options");
                json.WriteBoolean("include_usage", true);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }

    /// <summary>Writes any value as JSON.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="value">The value.</param>
    /// <param name="field">What errors call it.</param>
    /// <exception cref="MetaLlmException">It has no form in JSON.</exception>
    public static void WriteValue(Utf8JsonWriter json, object? value, string field) => json.WriteRawValue(ToJson(value, field), skipInputValidation: true);

    /// <summary>A value as a text of JSON.</summary>
    public static string ToJson(object? value, string field)
    {
        try
        {
            return JsonSerializer.Serialize(value, Compact);
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or InvalidOperationException)
        {
            throw MetaLlmException.BadField(field, $"is of type {value?.GetType().Name}, which has no form in JSON.");
        }
    }
}
