using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Responses;

/// <summary>Writes the tools of a request and which of them are to be used.</summary>
internal static class ResponsesTools
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
            json.WriteStartObject();
            json.WriteString("type", "function");
            json.WriteAsIs("name", tool.Name);
            if (tool.Function.Says("description", out var description))
            {
                json.WriteAsIs("description", description);
            }

            json.WritePropertyName("parameters");
            ChatTools.WriteSchema(json, tool);

            // Without a word the Responses API is strict, and chat is not.
            json.WriteBoolean("strict", tool.IsStrict);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        var (choice, name) = ChatTools.ReadChoice(request);
        if (choice == ToolChoice.Named)
        {
            json.WriteStartObject("tool_choice");
            json.WriteString("type", "function");
            json.WriteAsIs("name", name);
            json.WriteEndObject();
        }
        else if (choice != ToolChoice.Unsaid)
        {
            json.WriteString("tool_choice", choice switch
            {
                ToolChoice.None => "none",
                ToolChoice.Required => "required",
                _ => "auto",
            });
        }
    }
}
