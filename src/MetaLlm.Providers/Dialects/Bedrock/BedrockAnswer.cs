using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>Makes a chat completion of an answer of Converse.</summary>
internal static class BedrockAnswer
{
    /// <summary>Rewrites an answer.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> body, DateTimeOffset created)
    {
        MemberNames.ThrowIfNotText(body.Span);
        using var document = JsonDocument.Parse(body);
        var answer = document.RootElement;
        if (!answer.Says("output", out var output) || !output.Says("message", out var message) || !message.Says("content", out var content) || content.ValueKind != JsonValueKind.Array)
        {
            // Whatever it is, it has no choices.
            return body;
        }

        using var chat = new CompletionWriter(created);
        var usage = new BedrockUsage();
        usage.Saw(answer);
        return chat.Answer(json => Write(json, [.. content.EnumerateArray()]), json => BedrockStops.Write(json, answer), usage.IsKnown ? usage.Write : null);
    }

    private static void Write(Utf8JsonWriter json, JsonElement[] blocks)
    {
        WriteTexts(json, "content", Find(blocks, "text"));
        var thoughts = Find(blocks, "reasoningContent").ConvertAll(thought => thought.Says("reasoningText", out var open) ? open : thought);
        if (thoughts.Count > 0)
        {
            WriteTexts(json, "reasoning_content", Find(thoughts, "text"));
            json.WriteStartArray("reasoning_details");
            for (var i = 0; i < thoughts.Count; i++)
            {
                json.WriteStartObject();
                BedrockDetails.Write(json, i, thoughts[i]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        var calls = Find(blocks, "toolUse");
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in calls)
            {
                ToolCalls.Write(
                    json, null, JsonTexts.Read(call, "toolUseId") ?? string.Empty, JsonTexts.Read(call, "name") ?? string.Empty, call.Says("input", out var input) ? input.GetRawText() : "{}");
            }

            json.WriteEndArray();
        }
    }

    private static List<JsonElement> Find(IEnumerable<JsonElement> owners, string name) =>
        [.. owners.Select(owner => owner.Says(name, out var value) ? value : default).Where(value => value.ValueKind != JsonValueKind.Undefined)];

    private static void WriteTexts(Utf8JsonWriter json, string member, List<JsonElement> texts)
    {
        var text = string.Concat(texts.Select(JsonTexts.Read));
        json.WriteString(member, text.Length == 0 ? null : text);
    }
}
