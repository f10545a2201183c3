using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>Makes a chat completion of a message.</summary>
internal static class AnthropicAnswer
{
    /// <summary>Rewrites an answer; an error stays an error.</summary>
    /// <exception cref="JsonException">The text is no JSON object.</exception>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> body, DateTimeOffset created)
    {
        MemberNames.ThrowIfNotText(body.Span);
        using var document = JsonDocument.Parse(body);
        var message = document.RootElement;
        using var chat = new CompletionWriter(created);
        if (message.Says("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            return chat.Error(json => AnthropicErrors.Write(json, error, inBand: true));
        }

        if (!message.Says("content", out var content) || content.ValueKind != JsonValueKind.Array)
        {
            // Whatever it is, it has no choices.
            return body;
        }

        var usage = new AnthropicUsage();
        usage.Saw(message);
        return chat.Answer(json => Write(json, content), json => AnthropicStops.Write(json, message), usage.IsKnown ? usage.Write : null);
    }

    private static void Write(Utf8JsonWriter json, JsonElement content)
    {
        var blocks = content.EnumerateArray().ToLookup(block => JsonTexts.Read(block, "type") ?? string.Empty);
        WriteTexts(json, "content", blocks["text"], "text");
        if (blocks["thinking"].Concat(blocks["redacted_thinking"]).Any())
        {
            WriteTexts(json, "reasoning_content", blocks["thinking"], "thinking");
            WriteDetails(json, content);
        }

        if (blocks["tool_use"].Any())
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in blocks["tool_use"])
            {
                WriteCall(json, call);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, string member, IEnumerable<JsonElement> blocks, string name)
    {
        var texts = blocks.Select(block => block.Says(name, out var text) && text.ValueKind == JsonValueKind.String ? text : default).Where(text => text.IsFilledText()).ToList();
        switch (texts)
        {
            case []:
                json.WriteNull(member);
                break;
            case [var one]:
                json.WriteAsIs(member, one);
                break;
            default:
                json.WriteString(member, string.Concat(texts.Select(JsonTexts.Read)));
                break;
        }
    }

    private static void WriteDetails(Utf8JsonWriter json, JsonElement content)
    {
        json.WriteStartArray("reasoning_details");
        var index = 0;
        foreach (var block in content.EnumerateArray().Where(block => block.Says("type", out var type) && (type.IsText("thinking"u8) || type.IsText("redacted_thinking"u8))))
        {
            json.WriteStartObject();
            AnthropicDetails.Write(json, index++, block, "thinking", "signature", "data");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCall(Utf8JsonWriter json, JsonElement call) => ToolCalls.Write(
        json, null, JsonTexts.Read(call, "id") ?? string.Empty, JsonTexts.Read(call, "name") ?? string.Empty, call.Says("input", out var input) ? input.GetRawText() : "{}");
}
