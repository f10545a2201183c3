using System.Buffers;
using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>
/// Translates a request of OpenAI's Responses format into a chat completion request. What chat has a word for is translated; what is left to the model goes on under its own name;
/// what only OpenAI's own servers could do is refused.
/// </summary>
internal static class ResponsesRequest
{
    private const int MostOutputTokens = 100_000_000;

    private static readonly SurfaceMembers Members = new()
    {
        Owner = "OpenAI",
        Format = "responses",
        Translated = SurfaceMembers.Names(
            "input", "instructions", "tools", "tool_choice", "text", "reasoning", "include", "max_output_tokens", "stream", "stream_options",
            "store", "metadata", "previous_response_id", "conversation", "truncation", "background", "max_tool_calls"),
        Refused = SurfaceMembers.Names("prompt", "context_management", "top_logprobs", "moderation"),
        Foreign = SurfaceMembers.Names(
            "messages", "response_format", "reasoning_effort", "verbosity", "n", "functions",
            "function_call", "max_tokens", "max_completion_tokens", "logprobs"),
    };

    /// <summary>Translates.</summary>
    /// <param name="body">The request.</param>
    /// <param name="earlier">Items of the responses that it goes on from, oldest first; each is a list.</param>
    /// <param name="output">Receives the chat completion request.</param>
    /// <param name="needs">Takes notes of what only OpenAI's format has.</param>
    /// <exception cref="ApiException">A member is illegal, or has no equal in chat.</exception>
    public static void Write(JsonElement body, IReadOnlyList<JsonElement> earlier, IBufferWriter<byte> output, NativeNeeds needs)
    {
        var root = new JsonObjectReader(body, string.Empty);
        using var writer = ChatWriter.Open(output);
        writer.WriteStartObject();
        Members.CopyRest(body, writer);

        RefuseWhatIsElsewhere(root);
        if (root.Whole("max_output_tokens", 1, MostOutputTokens) is { } limit)
        {
            writer.WriteNumber("max_tokens", (long)limit);
        }

        if (root.Flag("stream"))
        {
            writer.WriteBoolean("stream", true);
            writer.WriteStartObject("stream_options");
            writer.WriteBoolean("include_usage", true);
            writer.WriteEndObject();
        }

        WriteMessages(writer, root, earlier, needs);
        ResponsesTools.Write(writer, root, needs);
        WriteForm(writer, root);
        if (root.Object("reasoning") is { } reasoning)
        {
            reasoning.RefuseUnknown("effort", "summary", "generate_summary");
            writer.Copy("reasoning_effort", reasoning.Find("effort") is null ? null : reasoning.RequiredString("effort"));
        }

        writer.WriteEndObject();
    }

    private static void RefuseWhatIsElsewhere(JsonObjectReader root)
    {
        if (root.Flag("background"))
        {
            throw ApiException.BadField("background", "is true; answers come while the client waits, so that it must be false.");
        }

        if (root.Text("truncation", 32) is { } truncation and not "disabled")
        {
            throw ApiException.BadField("truncation", $"is '{truncation}'; a conversation goes to the model as it is, so that it must be disabled.");
        }

        if (root.List("include") is { } include)
        {
            var index = 0;
            foreach (var what in include.EnumerateArray())
            {
                if (what.ValueKind != JsonValueKind.String || !what.ValueEquals("reasoning.encrypted_content"))
                {
                    throw ApiException.BadField($"include[{index}]", $"is {what.GetRawText()}; it must be reasoning.encrypted_content.");
                }

                index++;
            }
        }
    }

    private static void WriteMessages(Utf8JsonWriter writer, JsonObjectReader root, IReadOnlyList<JsonElement> earlier, NativeNeeds needs)
    {
        writer.WriteStartArray("messages");
        if (root.Find("instructions") is not null)
        {
            WriteMessage(writer, "system", root.RequiredString("instructions"));
        }

        var turns = new ResponsesTurns(writer, needs);
        foreach (var items in earlier)
        {
            turns.Write(items, root.Find("conversation") is null ? "previous_response_id" : "conversation");
        }

        switch (root.Find("input"))
        {
            case { ValueKind: JsonValueKind.String } text:
                turns.End();
                WriteMessage(writer, "user", text);
                break;
            case { ValueKind: JsonValueKind.Array } items when items.GetArrayLength() > 0 || earlier.Count > 0:
                turns.Write(items, "input");
                break;
            case null:
                throw ApiException.BadField("input", "is missing; it must be a text or a list of items.");
            case { } other:
                throw ApiException.BadField("input", $"is {(other.ValueKind == JsonValueKind.Array ? "empty" : JsonObjectReader.Name(other))}; it must be a text or a list of items.");
        }

        turns.End();
        writer.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter writer, string role, JsonElement content)
    {
        writer.WriteStartObject();
        writer.WriteString("role", role);
        writer.Copy("content", content);
        writer.WriteEndObject();
    }

    private static void WriteForm(Utf8JsonWriter writer, JsonObjectReader root)
    {
        if (root.Object("text") is not { } text)
        {
            return;
        }

        text.RefuseUnknown("format", "verbosity");
        writer.Copy("verbosity", text.Find("verbosity") is null ? null : text.RequiredString("verbosity"));
        if (text.Object("format") is not { } format)
        {
            return;
        }

        switch (format.RequiredText("type", 64))
        {
            case "text":
                break;
            case "json_object":
                writer.WriteStartObject("response_format");
                writer.WriteString("type", "json_object");
                writer.WriteEndObject();
                break;
            case "json_schema":
                format.RefuseUnknown("type", "name", "description", "schema", "strict");
                writer.WriteStartObject("response_format");
                writer.WriteString("type", "json_schema");
                writer.WriteStartObject("json_schema");
                writer.Copy("name", format.RequiredString("name"));
                writer.Copy("description", format.Find("description"));
                writer.Copy("schema", format.RequiredObject("schema").Element);
                writer.Copy("strict", format.Find("strict"));
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            case var other:
                throw ApiException.BadField("text.format.type", $"is '{other}'; it must be one of text, json_object, json_schema.");
        }
    }
}
