using System.Text;
using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Messages;

/// <summary>
/// A turn of the assistant's. Its thinking goes on twice, as it comes from models: its text as <c>reasoning_content</c>, and its blocks, with the signatures and the encrypted
/// data that a model wants back unchanged, as <c>reasoning_details</c>.
/// </summary>
internal static class MessagesAssistantTurn
{
    /// <exception cref="ApiException">A block is illegal, or has no form in chat.</exception>
    public static void Write(Utf8JsonWriter writer, JsonObjectReader message, JsonElement content, NativeNeeds needs)
    {
        var field = message.Field("content");
        writer.WriteStartObject();
        writer.WriteString("role", "assistant");
        if (content.ValueKind == JsonValueKind.String)
        {
            writer.Copy("content", content);
        }
        else
        {
            WriteBlocks(writer, field, content, needs);
        }

        writer.WriteEndObject();
    }

    private static void WriteBlocks(Utf8JsonWriter writer, string field, JsonElement content, NativeNeeds needs)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            throw ApiException.BadField(field, $"is {JsonObjectReader.Name(content)}; it must be a text or a list of blocks.");
        }

        var (texts, calls, thoughts) = (new List<JsonObjectReader>(), new List<JsonObjectReader>(), new List<JsonObjectReader>());
        var index = 0;
        foreach (var element in content.EnumerateArray())
        {
            var block = new JsonObjectReader(element, $"{field}[{index++}]");
            var type = block.RequiredText("type", 64);
            if (type is "mcp_tool_use" or "mcp_tool_result")
            {
                needs.Add(block.Field("type"), $"is '{type}', a call of a server that Anthropic made; of the models that may serve the request none lies there.");
                continue;
            }

            (type switch
            {
                "text" => texts,
                "tool_use" => calls,
                "thinking" or "redacted_thinking" => thoughts,
                var other => throw ApiException.BadField(block.Field("type"), $"is '{other}'; here it must be one of text, tool_use, thinking, redacted_thinking."),
            }).Add(block);
        }

        if (texts.Count > 0)
        {
            MessagesContent.Write(writer, texts, MessagesContent.Texts, needs);
        }
        else
        {
            writer.WriteNull("content");
        }

        WriteThoughts(writer, thoughts, needs);
        WriteCalls(writer, calls, needs);
    }

    private static void WriteCalls(Utf8JsonWriter writer, List<JsonObjectReader> calls, NativeNeeds needs)
    {
        if (calls.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            needs.Unknown(call, "type", "id", "name", "input", "cache_control", "caller");
            if (call.Object("caller")?.RequiredText("type", 64) is { } caller and not "direct")
            {
                throw ApiException.BadField(call.Field("caller.type"), $"is '{caller}', which runs at Anthropic; it must be direct.");
            }

            writer.WriteStartObject();
            writer.Copy("id", call.RequiredString("id"));
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.Copy("name", call.RequiredString("name"));
            writer.WriteAsText("arguments", call.RequiredObject("input").Element);
            writer.WriteEndObject();
            writer.Copy("cache_control", call.Find("cache_control"));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteThoughts(Utf8JsonWriter writer, List<JsonObjectReader> thoughts, NativeNeeds needs)
    {
        if (thoughts.Count == 0)
        {
            return;
        }

        var text = new StringBuilder();
        writer.WriteStartArray("reasoning_details");
        for (var i = 0; i < thoughts.Count; i++)
        {
            var thought = thoughts[i];
            writer.WriteStartObject();
            if (thought.RequiredText("type", 64) == "thinking")
            {
                needs.Unknown(thought, "type", "thinking", "signature");
                var said = thought.RequiredString("thinking");
                text.Append(said.GetString());
                writer.WriteString("type", ReasoningDetails.Text);
                writer.Copy("text", said);
                if (thought.Find("signature") is { ValueKind: JsonValueKind.String } signature && !signature.ValueEquals(""u8))
                {
                    writer.Copy("signature", signature);
                    writer.WriteString("format", ReasoningDetails.Anthropic);
                }
            }
            else
            {
                needs.Unknown(thought, "type", "data");
                writer.WriteString("type", ReasoningDetails.Encrypted);
                writer.Copy("data", thought.RequiredString("data"));
                writer.WriteString("format", ReasoningDetails.Anthropic);
            }

            writer.WriteNumber("index", i);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (text.Length > 0)
        {
            writer.WriteString("reasoning_content", text.ToString());
        }
    }
}
