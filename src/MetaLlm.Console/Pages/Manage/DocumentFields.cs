using System.Globalization;
using System.Text.Json.Nodes;
using MetaLlm.Gateway.Management;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Takes members of a document into the fields of a form, and back.</summary>
internal static class DocumentFields
{
    /// <summary>What a field shows.</summary>
    /// <param name="document">The document.</param>
    /// <param name="field">The field.</param>
    public static string Read(JsonObject document, FieldSpec field)
    {
        JsonNode? node = document;
        foreach (var name in field.Path.Split('.'))
        {
            node = node is JsonObject parent && DocumentNames.Place(parent, name) is >= 0 and var place ? parent.GetAt(place).Value : null;
        }

        return node switch
        {
            null => "",
            JsonArray list => string.Join(", ", list.Select(Text)),
            JsonObject map => string.Join('\n', map.Select(member => $"{member.Key} = {Text(member.Value)}")),
            _ => Text(node),
        };
    }

    /// <summary>Writes a field into a document; an empty one takes the member out. What cannot be read as what it should be goes in as a text, and the document's reader says what is wrong.</summary>
    /// <param name="document">The document.</param>
    /// <param name="field">The field.</param>
    /// <param name="text">What was typed.</param>
    public static void Write(JsonObject document, FieldSpec field, string text)
    {
        var names = field.Path.Split('.');
        Write(document, names, Parse(field.Kind, text.Trim()));
    }

    private static void Write(JsonObject parent, ReadOnlySpan<string> names, JsonNode? value)
    {
        var place = DocumentNames.Place(parent, names[0]);
        if (names.Length == 1)
        {
            Set(parent, place, names[0], value);
            return;
        }

        var child = place >= 0 && parent.GetAt(place).Value is JsonObject known ? known : [];
        Write(child, names[1..], value);
        Set(parent, place, names[0], child.Count == 0 ? null : child);
    }

    private static void Set(JsonObject parent, int place, string name, JsonNode? value)
    {
        if (value is null)
        {
            if (place >= 0)
            {
                parent.RemoveAt(place);
            }
        }
        else if (place < 0)
        {
            parent.Add(name, value);
        }
        else if (!ReferenceEquals(parent.GetAt(place).Value, value))
        {
            parent.SetAt(place, value);
        }
    }

    private static JsonNode? Parse(FieldKind kind, string text) => (kind, text) switch
    {
        (_, "") => null,
        (FieldKind.Number, _) => Number(text),
        (FieldKind.List, _) => new JsonArray([.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(item => (JsonNode)item)]),
        (FieldKind.Numbers, _) => Numbers(text),
        _ => text,
    };

    private static JsonNode Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : text;

    private static JsonObject Numbers(string text)
    {
        var numbers = new JsonObject();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var sign = line.IndexOf('=', StringComparison.Ordinal);
            numbers[sign < 0 ? line : line[..sign].TrimEnd()] = Number(sign < 0 ? "" : line[(sign + 1)..].TrimStart());
        }

        return numbers;
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : node?.ToJsonString() ?? "";
}
