using System.Text.Json;

namespace MetaLlm.Providers.Json;

/// <summary>Reads texts that upstreams wrote.</summary>
internal static class JsonTexts
{
    /// <summary>The text; null when the value is none, or holds an escape that is no character, such as half of a UTF-16 pair.</summary>
    public static string? Read(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A member's text; null when there is none, or its owner is no object.</summary>
    public static string? Read(JsonElement owner, string name) => owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? Read(value) : null;
}
