using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Messages;

/// <summary>Tools, and which of them are to be called.</summary>
internal static class MessagesTools
{
    /// <exception cref="ApiException">A tool is illegal, or one that runs at Anthropic.</exception>
    public static void Write(Utf8JsonWriter writer, JsonObjectReader root, NativeNeeds needs)
    {
        if (root.List("tools") is { } tools)
        {
            writer.WriteStartArray("tools");
            var index = 0;
            foreach (var tool in tools.EnumerateArray())
            {
                WriteTool(writer, new JsonObjectReader(tool, $"tools[{index++}]"), needs);
            }

            writer.WriteEndArray();
        }

        if (root.Object("tool_choice") is { } choice)
        {
            WriteChoice(writer, choice);
        }
    }

    private static void WriteTool(Utf8JsonWriter writer, JsonObjectReader tool, NativeNeeds needs)
    {
        if (tool.Text("type", 128) == "mcp_toolset")
        {
            needs.Add(tool.Field("type"), "is 'mcp_toolset', tools of servers that Anthropic calls; of the models that may serve the request none lies there.");
            return;
        }

        if (tool.Text("type", 128) is { } type and not "custom")
        {
            throw ApiException.BadField(tool.Field("type"), $"is '{type}', a tool that Anthropic defines; tools of your own (type custom, or no type) are taken.");
        }

        tool.RefuseUnknown("type", "name", "description", "input_schema", "cache_control", "strict", "allowed_callers", "defer_loading", "eager_input_streaming");
        if (tool.Flag("defer_loading"))
        {
            throw ApiException.BadField(tool.Field("defer_loading"), "is true; tools are handed to the model at once, so that it must be false.");
        }

        if (tool.List("allowed_callers") is { } callers && callers.EnumerateArray().Any(caller => caller.ValueKind != JsonValueKind.String || !caller.ValueEquals("direct")))
        {
            throw ApiException.BadField(tool.Field("allowed_callers"), "names another caller than direct, which runs at Anthropic.");
        }

        writer.WriteStartObject();
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.Copy("name", tool.RequiredString("name"));
        writer.Copy("description", tool.Find("description"));
        writer.Copy("parameters", tool.RequiredObject("input_schema").Element);
        writer.Copy("strict", tool.Find("strict"));
        writer.WriteEndObject();
        writer.Copy("cache_control", tool.Find("cache_control"));
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, JsonObjectReader choice)
    {
        choice.RefuseUnknown("type", "name", "disable_parallel_tool_use");
        switch (choice.RequiredText("type", 32))
        {
            case "auto":
                writer.WriteString("tool_choice", "auto");
                break;
            case "any":
                writer.WriteString("tool_choice", "required");
                break;
            case "none":
                writer.WriteString("tool_choice", "none");
                break;
            case "tool":
                writer.WriteStartObject("tool_choice");
                writer.WriteString("type", "function");
                writer.WriteStartObject("function");
                writer.Copy("name", choice.RequiredString("name"));
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            case var other:
                throw ApiException.BadField("tool_choice.type", $"is '{other}'; it must be one of auto, any, tool, none.");
        }

        if (choice.Flag("disable_parallel_tool_use"))
        {
            writer.WriteBoolean("parallel_tool_calls", false);
        }
    }
}
