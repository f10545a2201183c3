using System.Text.Json;
using MetaLlm.Gateway.Surfaces;
using Microsoft.Extensions.AI;

namespace MetaLlm.Extensions.AI.Chat;

/// <summary>
/// What a model wants back with its reasoning: a signature, or data that it alone can read, and whose they are. It travels as <see cref="TextReasoningContent.ProtectedData"/>, which survives when
/// updates are put together.
/// </summary>
internal static class ReasoningBlob
{
    private const string Type = "type";
    private const string Format = "format";
    private const string Signature = "signature";
    private const string Data = "data";
    private const string Id = "id";

    /// <summary>The signature of a text of reasoning.</summary>
    public static string Signed(string? signature, string? format) => Of(ReasoningDetails.Text, format, Signature, signature, null);

    /// <summary>Reasoning that its model alone can read.</summary>
    public static string Encrypted(string? data, string? format, string? id) => Of(ReasoningDetails.Encrypted, format, Data, data, id);

    /// <summary>Writes reasoning for the model that it came from. What nobody wants back is left out.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<TextReasoningContent> reasoning)
    {
        var blobs = reasoning.Select(piece => (piece.Text, Members: Read(piece.ProtectedData))).Where(piece => piece.Members is not null).ToList();
        if (blobs.Count == 0)
        {
            return;
        }

        json.WriteStartArray("reasoning_details");
        foreach (var (text, members) in blobs)
        {
            var isEncrypted = members!.ContainsKey(Data);
            if (isEncrypted && text.Length > 0)
            {
                // What was thought in the open, before what was not.
                Write(json, ReasoningDetails.Summary, "summary", text, members.Where(member => member.Key is Format or Id));
            }

            Write(json, members[Type], isEncrypted ? null : "text", text, members.Where(member => member.Key != Type));
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string type, string? textName, string text, IEnumerable<KeyValuePair<string, string>> members)
    {
        json.WriteStartObject();
        json.WriteString(Type, type);
        if (textName is not null)
        {
            json.WriteString(textName, text);
        }

        foreach (var (name, value) in members)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private static string Of(string type, string? format, string name, string? value, string? id)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal) { [Type] = type, [name] = value ?? string.Empty };
        if (format is not null)
        {
            members[Format] = format;
        }

        if (id is not null)
        {
            members[Id] = id;
        }

        return JsonSerializer.Serialize(members);
    }

    /// <summary>The members; null for data that did not come from here.</summary>
    private static Dictionary<string, string>? Read(string? data)
    {
        if (data is null || !data.StartsWith('{'))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(data) is { } members && members.ContainsKey(Type) ? members : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
