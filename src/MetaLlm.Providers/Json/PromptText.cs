using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects;

namespace MetaLlm.Providers.Json;

/// <summary>
/// Text that an arm adds to a prompt: its instructions stand at the beginning of the first system message, or in one of their own before all messages; what was retrieved
/// stands at the beginning of the last user message. Either is parted by an empty line from what follows. All other members of the request stay as they came.
/// </summary>
internal static class PromptText
{
    private const string Gap = "\n\n";
    private static readonly JsonWriterOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds the text.</summary>
    /// <param name="call">The call.</param>
    /// <returns>The call as it is to be made.</returns>
    /// <exception cref="ChatProviderException">The request has no messages.</exception>
    public static ChatCall Add(ChatCall call)
    {
        if (call.Options.SystemPrompt.IsEmpty && call.Retrieved.IsEmpty)
        {
            return call;
        }

        if (call.Native is { IsRequired: true })
        {
            throw Untranslatable.Member("model", "is a model that adds text to requests; what only their own format has cannot be sent to it.");
        }

        using var document = JsonDocument.Parse(call.Body);
        if (!document.RootElement.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
        {
            throw Untranslatable.Member("messages", "is missing; this model adds text to them.");
        }

        var written = new ArrayBufferWriter<byte>(call.Body.Length + call.Retrieved.Length + call.Options.SystemPrompt.Length + 64);
        using (var writer = new Utf8JsonWriter(written, AsItIs))
        {
            Write(writer, messages, Encoding.UTF8.GetString(call.Options.SystemPrompt.Span), Encoding.UTF8.GetString(call.Retrieved.Span));
        }

        var body = new ArrayBufferWriter<byte>(call.Body.Length + written.WrittenCount);
        JsonSplicer.Edit(call.Body.Span, [new("messages", written.WrittenMemory)], body);
        return call with { Body = body.WrittenMemory, Native = null };
    }

    private static void Write(Utf8JsonWriter writer, JsonElement messages, string instructions, string retrieved)
    {
        var question = -1;
        for (var i = 0; i < messages.GetArrayLength(); i++)
        {
            question = Role(messages[i]) == "user" ? i : question;
        }

        if (question < 0)
        {
            instructions = instructions.Length == 0 ? retrieved : retrieved.Length == 0 ? instructions : instructions + Gap + retrieved;
        }

        var hasSystem = messages.GetArrayLength() > 0 && Role(messages[0]) is "system" or "developer";
        writer.WriteStartArray();
        if (instructions.Length > 0 && !hasSystem)
        {
            writer.WriteStartObject();
            writer.WriteString("role", "system");
            writer.WriteString("content", instructions);
            writer.WriteEndObject();
        }

        for (var i = 0; i < messages.GetArrayLength(); i++)
        {
            var text = i == question ? retrieved : i == 0 && hasSystem ? instructions : "";
            if (text.Length == 0)
            {
                messages[i].WriteTo(writer);
            }
            else
            {
                WriteBegun(writer, messages[i], text);
            }
        }

        writer.WriteEndArray();
    }

    private static string? Role(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String ? role.GetString() : null;

    private static void WriteBegun(Utf8JsonWriter writer, JsonElement message, string text)
    {
        writer.WriteStartObject();
        foreach (var member in message.EnumerateObject().Where(member => member.Name != "content"))
        {
            member.WriteTo(writer);
        }

        writer.WritePropertyName("content");
        var content = message.TryGetProperty("content", out var found) ? found : default;
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                writer.WriteStringValue(text + Gap + content.GetString());
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                writer.WriteStartObject();
                writer.WriteString("type", "text");
                writer.WriteString("text", text + Gap);
                writer.WriteEndObject();
                foreach (var part in content.EnumerateArray())
                {
                    part.WriteTo(writer);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(text);
                break;
        }

        writer.WriteEndObject();
    }
}
