using System.Text.Json;

namespace MetaLlm.Providers.Dialects;

/// <summary>Reads the tools of a chat completion request.</summary>
internal static class ChatTools
{
    /// <summary>The tools; empty for none.</summary>
    /// <exception cref="Engine.Ports.ChatProviderException">One is no function with a name.</exception>
    public static IReadOnlyList<ChatTool> Read(JsonElement request)
    {
        if (!request.Says("tools", out var tools))
        {
            return [];
        }

        return tools.ValueKind == JsonValueKind.Array ? [.. tools.EnumerateArray().Select(ReadTool)] : throw Untranslatable.Member("tools", "is no list.");
    }

    /// <summary>Which of them are to be used.</summary>
    /// <returns>The choice, and the name of the one that is named.</returns>
    /// <exception cref="Engine.Ports.ChatProviderException">It is said in another way.</exception>
    public static (ToolChoice Choice, JsonElement Name) ReadChoice(JsonElement request)
    {
        if (!request.Says("tool_choice", out var choice))
        {
            return (ToolChoice.Unsaid, default);
        }

        return choice.IsText("auto"u8) ? (ToolChoice.Auto, default)
            : choice.IsText("none"u8) ? (ToolChoice.None, default)
            : choice.IsText("required"u8) ? (ToolChoice.Required, default)
            : choice.Says("function", out var function) && function.Says("name", out var name) ? (ToolChoice.Named, name)
            : throw Untranslatable.Member("tool_choice", "is none of auto, none, required and a function's name, which this model knows.");
    }

    /// <summary>Writes the schema of a function's arguments. The type is optional for functions, as is the schema itself.</summary>
    public static void WriteSchema(Utf8JsonWriter json, ChatTool tool)
    {
        if (tool.Function.Says("parameters", out var parameters) && parameters.Says("type", out _))
        {
            json.WriteAsIs(parameters);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "object");
        foreach (var member in parameters.ValueKind == JsonValueKind.Object ? parameters.EnumerateObject().ToArray() : [])
        {
            json.WriteAsIs(member.Name, member.Value);
        }

        json.WriteEndObject();
    }

    private static ChatTool ReadTool(JsonElement tool)
    {
        if (!tool.Says("function", out var function) || !function.Says("name", out var name))
        {
            throw Untranslatable.Member("tools", "has a tool that is no function with a name; this model is given functions alone.");
        }

        return new ChatTool(name, function, tool.Says("cache_control", out var cache) || function.Says("cache_control", out cache) ? cache : null);
    }
}
