using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>Writes the tools of a request and which of them are to be used.</summary>
internal static class GeminiTools
{
    /// <summary>Writes the members <c>tools</c> and <c>toolConfig</c>; neither where there are no tools.</summary>
    /// <param name="json">Receives them.</param>
    /// <param name="request">The chat completion request.</param>
    /// <param name="adapted">Receives what was left out.</param>
    public static void Write(Utf8JsonWriter json, JsonElement request, List<string> adapted)
    {
        var tools = ChatTools.Read(request);
        if (tools.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools");
        json.WriteStartObject();
        json.WriteStartArray("functionDeclarations");
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteAsIs("name", tool.Name);
            if (tool.Function.Says("description", out var description))
            {
                json.WriteAsIs("description", description);
            }

            if (tool.Function.Says("parameters", out var parameters))
            {
                json.WriteAsIs("parametersJsonSchema", parameters);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        WriteChoice(json, request, tools.Any(tool => tool.IsStrict));
        if (request.Says("parallel_tool_calls", out var parallel) && parallel.ValueKind == JsonValueKind.False)
        {
            adapted.Add("parallel_tool_calls");
        }
    }

    /// <summary>Arguments of strict tools follow their schemas where calls are validated.</summary>
    private static void WriteChoice(Utf8JsonWriter json, JsonElement request, bool isStrict)
    {
        var (choice, name) = ChatTools.ReadChoice(request);
        var mode = choice switch
        {
            ToolChoice.None => "NONE",
            ToolChoice.Required or ToolChoice.Named => "ANY",
            _ when isStrict => "VALIDATED",
            ToolChoice.Auto => "AUTO",
            _ => null,
        };
        if (mode is null)
        {
            return;
        }

        json.WriteStartObject("toolConfig");
        json.WriteStartObject("functionCallingConfig");
        json.WriteString("mode", mode);
        if (choice == ToolChoice.Named)
        {
            json.WriteStartArray("allowedFunctionNames");
            json.WriteAsIs(name);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
