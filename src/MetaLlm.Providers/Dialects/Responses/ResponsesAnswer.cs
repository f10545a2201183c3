using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects.Responses;

/// <summary>Makes a chat completion of a response.</summary>
internal static class ResponsesAnswer
{
    /// <summary>Rewrites an answer; an error stays an error.</summary>
    /// <exception cref="JsonException">The text is no JSON object.</exception>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> body, DateTimeOffset created)
    {
        MemberNames.ThrowIfNotText(body.Span);
        using var document = JsonDocument.Parse(body);
        var response = document.RootElement;
        using var chat = new CompletionWriter(created);
        var usage = new ResponsesUsage();
        usage.Saw(response);
        if (response.Says("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            return chat.Error(json => ResponsesErrors.Write(json, error), usage.IsKnown ? usage.Write : null).ToArray();
        }

        if (!response.Says("output", out var output) || output.ValueKind != JsonValueKind.Array || JsonTexts.Read(response, "status") is "failed" or "cancelled" or "queued" or "in_progress")
        {
            // Whatever it is, it has no choices.
            return body;
        }

        var items = output.EnumerateArray().ToLookup(item => JsonTexts.Read(item, "type") ?? string.Empty);
        var parts = items["message"].SelectMany(item => List(item, "content")).ToLookup(part => JsonTexts.Read(part, "type") ?? string.Empty);
        var isCall = items["function_call"].Any() || items["mcp_approval_request"].Any();
        return chat.Answer(
            json => Write(json, items, parts), json => ResponsesEnds.Write(json, response, isCall), usage.IsKnown ? usage.Write : null, Joined(parts["refusal"], "refusal", "")).ToArray();
    }

    private static void Write(Utf8JsonWriter json, ILookup<string, JsonElement> items, ILookup<string, JsonElement> parts)
    {
        json.WriteString("content", Joined(parts["output_text"], "text", ""));
        if (items["reasoning"].Any())
        {
            json.WriteString("reasoning_content", Joined(items["reasoning"].SelectMany(item => List(item, "summary").Concat(List(item, "content"))), "text", "\n\n"));
            WriteDetails(json, items["reasoning"]);
        }

        if (items["function_call"].Any())
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in items["function_call"])
            {
                ToolCalls.Write(json, null, JsonTexts.Read(call, "call_id") ?? string.Empty, JsonTexts.Read(call, "name") ?? string.Empty, JsonTexts.Read(call, "arguments") ?? "{}");
            }

            json.WriteEndArray();
        }
    }

    private static void WriteDetails(Utf8JsonWriter json, IEnumerable<JsonElement> items)
    {
        json.WriteStartArray("reasoning_details");
        var index = 0;
        foreach (var item in items)
        {
            foreach (var summary in Texts(item, "summary"))
            {
                ResponsesReasoning.WriteOpen(json, index, "reasoning.summary", "summary", summary);
            }

            foreach (var text in Texts(item, "content"))
            {
                ResponsesReasoning.WriteOpen(json, index, "reasoning.text", "text", text);
            }

            ResponsesReasoning.WriteEncrypted(json, index++, item);
        }

        json.WriteEndArray();
    }

    private static IEnumerable<JsonElement> Texts(JsonElement item, string list) =>
        List(item, list).Where(part => part.Says("text", out var text) && text.IsFilledText()).Select(part => part.GetProperty("text"));

    private static JsonElement.ArrayEnumerator List(JsonElement owner, string name) => owner.Says(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static string? Joined(IEnumerable<JsonElement> parts, string member, string gap) =>
        parts.Select(part => JsonTexts.Read(part, member)).Where(text => !string.IsNullOrEmpty(text)).ToList() is { Count: > 0 } texts ? string.Join(gap, texts) : null;
}
