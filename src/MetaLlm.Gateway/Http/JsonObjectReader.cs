using System.Text.Json;

namespace MetaLlm.Gateway.Http;

/// <summary>Reads members of a JSON object and names the field, the value and what is legal when one is wrong.</summary>
/// <param name="element">The value; must be an object.</param>
/// <param name="path">Its path, empty for the root.</param>
internal readonly struct JsonObjectReader(JsonElement element, string path)
{
    public JsonElement Element { get; } = element.ValueKind == JsonValueKind.Object
        ? element
        : throw ApiException.BadField(path.Length == 0 ? "body" : path, $"is {Name(element)}; it must be an object.");

    public string Field(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>A member; a null counts as missing.</summary>
    public JsonElement? Find(string name) =>
        Element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public string? Text(string name, int longest)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw ApiException.BadField(Field(name), $"is {Name(value)}; it must be a text of 1 to {longest} characters.");
        }

        var text = String(value, Field(name));
        return text.Length >= 1 && text.Length <= longest
            ? text
            : throw ApiException.BadField(Field(name), $"has {text.Length} characters; 1 to {longest} are legal.");
    }

    /// <summary>A text that the journal keeps in a column of its own, where not every database takes U+0000.</summary>
    public string? StoredText(string name, int longest)
    {
        var text = Text(name, longest);
        return text is null || !text.Contains('\0')
            ? text
            : throw ApiException.BadField(Field(name), "holds U+0000; every other character is legal.");
    }

    public string RequiredText(string name, int longest) =>
        Text(name, longest) ?? throw ApiException.BadField(Field(name), $"is missing; it must be a text of 1 to {longest} characters.");

    public double? Number(string name, double minimum, double maximum, bool aboveMinimum = false)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var range = FormattableString.Invariant($"it must be a number {(aboveMinimum ? "above" : "from")} {minimum} to {maximum}.");
        if (value.ValueKind != JsonValueKind.Number)
        {
            throw ApiException.BadField(Field(name), $"is {Name(value)}; {range}");
        }

        return value.TryGetDouble(out var number) && number >= minimum && number <= maximum && !(aboveMinimum && number == minimum)
            ? number
            : throw ApiException.BadField(Field(name), $"is {Shorten(value.GetRawText())}; {range}");
    }

    /// <summary>A whole number; <c>3.0</c> is one.</summary>
    public double? Whole(string name, double minimum, double maximum)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var range = FormattableString.Invariant($"it must be a whole number from {minimum} to {maximum}.");
        if (value.ValueKind != JsonValueKind.Number)
        {
            throw ApiException.BadField(Field(name), $"is {Name(value)}; {range}");
        }

        return value.TryGetDouble(out var number) && number >= minimum && number <= maximum && Math.Floor(number) == number
            ? number
            : throw ApiException.BadField(Field(name), $"is {Shorten(value.GetRawText())}; {range}");
    }

    public bool Flag(string name) => Find(name) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw ApiException.BadField(Field(name), $"is {Name(other)}; it must be true or false."),
    };

    /// <summary>A list.</summary>
    public JsonElement? List(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list => list,
        { } other => throw ApiException.BadField(Field(name), $"is {Name(other)}; it must be a list."),
    };

    /// <summary>A text as it stands in the JSON, with its quotation marks.</summary>
    public JsonElement RequiredString(string name) => Find(name) switch
    {
        { ValueKind: JsonValueKind.String } text => text,
        { } other => throw ApiException.BadField(Field(name), $"is {Name(other)}; it must be a text."),
        null => throw ApiException.BadField(Field(name), "is missing; it must be a text."),
    };

    /// <summary>An object of this one.</summary>
    public JsonObjectReader RequiredObject(string name) =>
        Object(name) ?? throw ApiException.BadField(Field(name), "is missing; it must be an object.");

    public JsonObjectReader? Object(string name) => Find(name) is { } value ? new JsonObjectReader(value, Field(name)) : null;

    /// <summary>Refuses members that are not listed, which is how a misspelt field of ours is found.</summary>
    public void RefuseUnknown(params ReadOnlySpan<string> known)
    {
        foreach (var member in Element.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                throw ApiException.BadField(Field(member.Name), $"is not known; known are {string.Join(", ", known.ToArray())}.");
            }
        }
    }

    /// <summary>The text of a JSON string; an escape of half a UTF-16 pair is JSON but no text.</summary>
    public static string String(JsonElement value, string field)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.BadField(field, "holds an escape that is no character, such as half of a UTF-16 pair.");
        }
    }

    public static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.Null => "null",
        JsonValueKind.Undefined => "missing",
        _ => value.GetRawText(),
    };

    /// <summary>The beginning of what a client wrote, for a sentence about it.</summary>
    public static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
