using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>Writes the tools of a request and which of them are to be used.</summary>
internal static class AnthropicTools
{
    /// <summary>Writes the members <c>tools</c> and <c>tool_choice</c>; neither where there are no tools.</summary>
    public static void Write(Utf8JsonWriter json, JsonElement request)
    {
        var tools = ChatTools.Read(request);
        if (tools.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools");
        foreach (var tool in tools)
        {
            WriteTool(json, tool);
        }

        json.WriteEndArray();
        WriteChoice(json, request);
    }

    private static void WriteTool(Utf8JsonWriter json, ChatTool tool)
    {
        json.WriteStartObject();
        json.WriteAsIs("name", tool.Name);
        if (tool.Function.Says("description", out var description))
        {
            json.WriteAsIs("description", description);
        }

        json.WritePropertyName("input_schema");
        ChatTools.WriteSchema(json, tool);
        if (tool.IsStrict)
        {
            json.WriteBoolean("strict", true);
        }

        if (tool.Cache is { } cache)
        {
            json.WriteAsIs("cache_control", cache);
        }

        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, JsonElement request)
    {
        var (choice, name) = ChatTools.ReadChoice(request);
        var single = request.Says("parallel_tool_calls", out var parallel) && parallel.ValueKind == JsonValueKind.False;
        var type = choice switch
        {
            ToolChoice.Unsaid => single ? "auto" : null,
            ToolChoice.Auto => "auto",
            ToolChoice.None => "none",
            ToolChoice.Required => "any",
            _ => "tool",
        };
        if (type is null)
        {
            return;
        }

        json.WriteStartObject("tool_choice");
        json.WriteString("type", type);
        if (choice == ToolChoice.Named)
        {
            json.WriteAsIs("name", name);
        }

        if (single && choice != ToolChoice.None)
        {
            json.WriteBoolean("disable_parallel_tool_use", true);
        }

        json.WriteEndObject();
    }
}
