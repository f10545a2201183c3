using System.Text.Json;
using System.Text.Unicode;

namespace MetaLlm.Providers.Json;

/// <summary>Names of members may pass for JSON and be no text: an escape of half a UTF-16 pair, or bytes that are no UTF-8. Whoever compares such a name with another gets an exception.</summary>
internal static class MemberNames
{
    /// <summary>Looks at every name, however deep.</summary>
    /// <param name="json">A JSON text in UTF-8.</param>
    /// <exception cref="JsonException">A name is no text, or the text is no JSON.</exception>
    public static void ThrowIfNotText(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0 && Utf8.IsValid(json))
        {
            return;
        }

        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && !IsText(ref reader))
            {
                throw new JsonException("The name of a member holds what is no character.");
            }
        }
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return Utf8.IsValid(reader.ValueSpan);
        }

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
