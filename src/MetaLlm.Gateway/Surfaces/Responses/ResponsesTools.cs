using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>Functions, and which of them are to be called.</summary>
internal static class ResponsesTools
{
    /// <exception cref="ApiException">A tool is illegal, or one that runs at OpenAI.</exception>
    public static void Write(Utf8JsonWriter writer, JsonObjectReader root, NativeNeeds needs)
    {
        if (root.List("tools") is { } tools && tools.GetArrayLength() > 0)
        {
            writer.WriteStartArray("tools");
            var index = 0;
            foreach (var tool in tools.EnumerateArray())
            {
                WriteTool(writer, new JsonObjectReader(tool, $"tools[{index++}]"), needs);
            }

            writer.WriteEndArray();
        }

        switch (root.Find("tool_choice"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.String } word when word.ValueEquals("auto") || word.ValueEquals("none") || word.ValueEquals("required"):
                writer.Copy("tool_choice", word);
                break;
            case { ValueKind: JsonValueKind.Object } element:
                WriteChoice(writer, new JsonObjectReader(element, "tool_choice"), needs);
                break;
            case { } other:
                throw ApiException.BadField("tool_choice", $"is {other.GetRawText()}; it must be auto, none, required, or an object that names a function.");
        }
    }

    private static void WriteTool(Utf8JsonWriter writer, JsonObjectReader tool, NativeNeeds needs)
    {
        var type = tool.RequiredText("type", 128);
        if (type == "mcp")
        {
            needs.Add(tool.Field("type"), "is 'mcp', a server that OpenAI calls; of the models that may serve the request none lies there, and others take functions alone.");
            return;
        }

        if (type != "function")
        {
            throw ApiException.BadField(tool.Field("type"), $"is '{type}', a tool that runs at OpenAI or is a model's own; it must be function.");
        }

        tool.RefuseUnknown("type", "name", "description", "parameters", "strict");
        writer.WriteStartObject();
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.Copy("name", tool.RequiredString("name"));
        writer.Copy("description", tool.Find("description"));
        writer.Copy("parameters", tool.Object("parameters")?.Element);
        writer.Copy("strict", tool.Find("strict"));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, JsonObjectReader choice, NativeNeeds needs)
    {
        var type = choice.RequiredText("type", 128);
        if (type == "mcp")
        {
            needs.Add("tool_choice.type", "is 'mcp', a server that OpenAI calls; of the models that may serve the request none lies there.");
            return;
        }

        if (type != "function")
        {
            throw ApiException.BadField("tool_choice.type", $"is '{type}'; it must be function.");
        }

        writer.WriteStartObject("tool_choice");
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.Copy("name", choice.RequiredString("name"));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
