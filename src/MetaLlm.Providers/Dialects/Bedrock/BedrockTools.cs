using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>Writes the tools of a request and which of them are to be used.</summary>
internal static class BedrockTools
{
    /// <summary>Writes the member <c>toolConfig</c>; nothing where there are no tools.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="request">The chat completion request.</param>
    /// <param name="adapted">Receives what was left out.</param>
    /// <exception cref="Engine.Ports.ChatProviderException">Tools stand in a conversation that used some and are not to be used: Converse has no word for that.</exception>
    public static void Write(Utf8JsonWriter json, JsonElement request, List<string> adapted)
    {
        var tools = ChatTools.Read(request);
        var (choice, name) = ChatTools.ReadChoice(request);
        if (tools.Count == 0 || (choice == ToolChoice.None && !HasCalls(request)))
        {
            return;
        }

        if (choice == ToolChoice.None)
        {
            throw Untranslatable.Member("tool_choice", "is none in a conversation that has called tools, for which this model has no word.");
        }

        if (request.Says("parallel_tool_calls", out var parallel) && parallel.ValueKind == JsonValueKind.False)
        {
            adapted.Add("parallel_tool_calls");
        }

        json.WriteStartObject("toolConfig");
        json.WriteStartArray("tools");
        foreach (var tool in tools)
        {
            WriteTool(json, tool);
        }

        json.WriteEndArray();
        WriteChoice(json, choice, name);
        json.WriteEndObject();
    }

    private static bool HasCalls(JsonElement request) =>
        request.Says("messages", out var messages) && messages.ValueKind == JsonValueKind.Array && messages.EnumerateArray().Any(message => ToolCalls.Of(message).Count > 0);

    private static void WriteTool(Utf8JsonWriter json, ChatTool tool)
    {
        json.WriteStartObject();
        json.WriteStartObject("toolSpec");
        json.WriteAsIs("name", tool.Name);
        if (tool.Function.Says("description", out var description) && description.IsFilledText())
        {
            json.WriteAsIs("description", description);
        }

        json.WriteStartObject("inputSchema");
        json.WritePropertyName("json");
        ChatTools.WriteSchema(json, tool);
        json.WriteEndObject();
        if (tool.IsStrict)
        {
            json.WriteBoolean("strict", true);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        BedrockParts.WriteCachePoint(json, tool.Cache);
    }

    private static void WriteChoice(Utf8JsonWriter json, ToolChoice choice, JsonElement name)
    {
        if (choice == ToolChoice.Unsaid)
        {
            return;
        }

        json.WriteStartObject("toolChoice");
        json.WriteStartObject(choice switch
        {
            ToolChoice.Required => "any",
            ToolChoice.Named => "tool",
            _ => "auto",
        });
        if (choice == ToolChoice.Named)
        {
            json.WriteAsIs("name", name);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
