using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>Writes the tools of a request and which of them are to be used.</summary>
internal static class AnthropicTools
{
    /// <summary>Writes the members <c>tools</c> and <c>tool_choice</c>; neither where there are no tools.</summary>
    public static void Write(Utf8JsonWriter json, JsonElement request)
    {
        if (!request.Says("tools", out var tools) || (tools.ValueKind == JsonValueKind.Array && tools.GetArrayLength() == 0))
        {
            return;
        }

        if (tools.ValueKind != JsonValueKind.Array)
        {
            throw Untranslatable.Member("tools", "is no list.");
        }

        json.WriteStartArray("tools");
        foreach (var tool in tools.EnumerateArray())
        {
            WriteTool(json, tool);
        }

        json.WriteEndArray();
        WriteChoice(json, request);
    }

    private static void WriteTool(Utf8JsonWriter json, JsonElement tool)
    {
        if (!tool.Says("function", out var function) || !function.Says("name", out var name))
        {
            throw Untranslatable.Member("tools", "has a tool that is no function with a name; this model is given functions alone.");
        }

        json.WriteStartObject();
        json.WriteAsIs("name", name);
        if (function.Says("description", out var description))
        {
            json.WriteAsIs("description", description);
        }

        if (function.Says("parameters", out var parameters) && parameters.Says("type", out _))
        {
            json.WriteAsIs("input_schema", parameters);
        }
        else
        {
            json.WritePropertyName("input_schema");
            WriteObjectSchema(json, parameters);
        }

        if (function.Says("strict", out var strict) && strict.ValueKind == JsonValueKind.True)
        {
            json.WriteBoolean("strict", true);
        }

        if (tool.Says("cache_control", out var cache) || function.Says("cache_control", out cache))
        {
            json.WriteAsIs("cache_control", cache);
        }

        json.WriteEndObject();
    }

    /// <summary>The type is optional for functions, as is the schema itself.</summary>
    private static void WriteObjectSchema(Utf8JsonWriter json, JsonElement parameters)
    {
        json.WriteStartObject();
        json.WriteString("type", "object");
        foreach (var member in parameters.ValueKind == JsonValueKind.Object ? parameters.EnumerateObject().ToArray() : [])
        {
            json.WriteAsIs(member.Name, member.Value);
        }

        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, JsonElement request)
    {
        var choice = request.Says("tool_choice", out var asked) ? asked : default;
        var single = request.Says("parallel_tool_calls", out var parallel) && parallel.ValueKind == JsonValueKind.False;
        var type = choice.ValueKind switch
        {
            JsonValueKind.Undefined when single => "auto",
            JsonValueKind.Undefined => null,
            JsonValueKind.String when choice.IsText("auto"u8) => "auto",
            JsonValueKind.String when choice.IsText("none"u8) => "none",
            JsonValueKind.String when choice.IsText("required"u8) => "any",
            JsonValueKind.Object when choice.Says("function", out var function) && function.Says("name", out _) => "tool",
            _ => throw Untranslatable.Member("tool_choice", "is none of auto, none, required and a function's name, which this model knows."),
        };
        if (type is null)
        {
            return;
        }

        json.WriteStartObject("tool_choice");
        json.WriteString("type", type);
        if (type == "tool")
        {
            json.WriteAsIs("name", choice.GetProperty("function").GetProperty("name"));
        }

        if (single && type != "none")
        {
            json.WriteBoolean("disable_parallel_tool_use", true);
        }

        json.WriteEndObject();
    }
}
