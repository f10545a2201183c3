using System.Text;
using System.Text.Json;

namespace MetaLlm.Providers.Dialects;

/// <summary>Reads and writes calls of tools of the chat completion format, whose arguments are a text that holds JSON.</summary>
internal static class ToolCalls
{
    private const string Messages = "messages";

    /// <summary>Writes a call, or the first piece of one.</summary>
    /// <param name="json">Receives it, within a list.</param>
    /// <param name="index">Its number in a stream; null outside of one.</param>
    /// <param name="id">Its id.</param>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">A text, or a piece of one.</param>
    public static void Write(Utf8JsonWriter json, int? index, string id, string name, string arguments)
    {
        json.WriteStartObject();
        if (index is { } number)
        {
            json.WriteNumber("index", number);
        }

        json.WriteString("id", id);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", name);
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the member that begins a call in a stream.</summary>
    public static void WriteFirst(Utf8JsonWriter json, int index, string id, string name, string arguments)
    {
        json.WriteStartArray("tool_calls");
        Write(json, index, id, name, arguments);
        json.WriteEndArray();
    }

    /// <summary>Writes the member that goes on with the arguments of a call in a stream.</summary>
    public static void WriteMore(Utf8JsonWriter json, int index, string piece)
    {
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("function");
        json.WriteString("arguments", piece);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>The calls of an assistant's message.</summary>
    public static IReadOnlyList<JsonElement> Of(JsonElement message) =>
        message.Says("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array ? [.. calls.EnumerateArray()] : [];

    /// <summary>Reads a call of a request.</summary>
    /// <exception cref="Engine.Ports.ChatProviderException">It is no call of a function with id and name.</exception>
    public static (string Id, JsonElement Name, JsonElement Function) Read(JsonElement call) =>
        call.Says("function", out var function) && function.Says("name", out var name) && name.ValueKind == JsonValueKind.String
            && call.Says("id", out var id) && id.ValueKind == JsonValueKind.String
            ? (id.GetString()!, name, function)
            : throw Untranslatable.Member(Messages, "has a tool call that is no call of a function with id and name.");

    /// <summary>Writes the object that the text of arguments holds; an empty one for none.</summary>
    /// <exception cref="Engine.Ports.ChatProviderException">The text holds none.</exception>
    public static void WriteArguments(Utf8JsonWriter json, JsonElement function)
    {
        var text = function.Says("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.String ? arguments.GetString()! : string.Empty;
        if (string.IsNullOrWhiteSpace(text))
        {
            json.WriteStartObject();
            json.WriteEndObject();
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                json.WriteAsIs(document.RootElement);
                return;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw Untranslatable.Member(Messages, "has a tool call whose arguments are no JSON object, which this model needs.");
    }

    /// <summary>Ids of other models' calls may have signs that are illegal elsewhere; they become <c>_</c> and their number, the same in call and result.</summary>
    public static string LegalId(string id)
    {
        if (id.All(IsLegal))
        {
            return id;
        }

        var legal = new StringBuilder(id.Length + 8);
        foreach (var c in id)
        {
            legal.Append(IsLegal(c) ? c.ToString() : $"_{(int)c:x}");
        }

        return legal.ToString();
    }

    private static bool IsLegal(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
