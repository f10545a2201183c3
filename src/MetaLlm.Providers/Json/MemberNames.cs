using System.Text.Json;

namespace MetaLlm.Providers.Json;

/// <summary>Names of members may be legal JSON and no text: an escape of half a UTF-16 pair. Whoever compares such a name with another gets an exception.</summary>
internal static class MemberNames
{
    /// <summary>Looks at every name, however deep.</summary>
    /// <param name="json">A JSON text in UTF-8.</param>
    /// <exception cref="JsonException">A name is no text, or the text is no JSON.</exception>
    public static void ThrowIfNotText(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueIsEscaped && !IsText(ref reader))
            {
                throw new JsonException("The name of a member holds an escape that is no character.");
            }
        }
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
