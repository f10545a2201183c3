using System.Runtime.InteropServices;
using System.Text.Json;

namespace MetaLlm.Providers.Dialects;

/// <summary>Copies values from one JSON text to another byte for byte, so that no text is decoded that nobody looks at.</summary>
internal static class JsonCopy
{
    /// <summary>Writes a value as it came.</summary>
    public static void WriteAsIs(this Utf8JsonWriter json, JsonElement value) => json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    /// <summary>Writes a member with a value as it came.</summary>
    public static void WriteAsIs(this Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        json.WriteAsIs(value);
    }

    /// <summary>Whether an object has a member that says something: it is there and not null.</summary>
    public static bool Says(this JsonElement owner, string name, out JsonElement value)
    {
        value = default;
        return owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    /// <summary>Whether a value is a text with something in it.</summary>
    public static bool IsFilledText(this JsonElement value) => value.ValueKind == JsonValueKind.String && !value.ValueEquals(""u8);

    /// <summary>Whether a value is this text.</summary>
    public static bool IsText(this JsonElement value, ReadOnlySpan<byte> text) => value.ValueKind == JsonValueKind.String && value.ValueEquals(text);
}
