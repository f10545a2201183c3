using System.Runtime.InteropServices;
using System.Text.Json;
using MetaLlm.Engine.Routing;

namespace MetaLlm.Providers.Usage;

/// <summary>How much text there is, escapes of JSON undone.</summary>
/// <param name="Characters">Unicode characters.</param>
/// <param name="Bytes">Bytes in UTF-8.</param>
internal readonly record struct TextSize(long Characters, long Bytes)
{
    /// <summary>Tokens of the text, about.</summary>
    public double Tokens => TokenEstimate.FromSize(Characters, Bytes);

    public static TextSize operator +(TextSize left, TextSize right) => new(left.Characters + right.Characters, left.Bytes + right.Bytes);

    /// <summary>The larger of two that say the same in different words.</summary>
    public static TextSize Larger(TextSize left, TextSize right) => left.Bytes >= right.Bytes ? left : right;

    /// <summary>Size of a JSON text; nothing for any other value.</summary>
    public static TextSize Of(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? OfEscaped(JsonMarshal.GetRawUtf8Value(value)[1..^1]) : default;

    /// <summary>Size of all texts in a value, however deep, but those under names that hold no generated text.</summary>
    public static TextSize OfAll(JsonElement value)
    {
        var size = Of(value);
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                size += OfAll(item);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                if (!member.NameEquals("id"u8) && !member.NameEquals("type"u8) && !member.NameEquals("data"u8) && !member.NameEquals("url"u8)
                    && !member.NameEquals("signature"u8) && !member.NameEquals("format"u8))
                {
                    size += OfAll(member.Value);
                }
            }
        }

        return size;
    }

    private static TextSize OfEscaped(ReadOnlySpan<byte> text)
    {
        var (characters, bytes) = (0L, 0L);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                // The bytes of a character after its first one are 10xxxxxx.
                bytes++;
                characters += (text[i] & 0xC0) == 0x80 ? 0 : 1;
            }
            else if (i + 5 < text.Length && text[i + 1] == 'u')
            {
                var (c, b) = Escaped(text.Slice(i + 2, 4));
                (characters, bytes, i) = (characters + c, bytes + b, i + 5);
            }
            else
            {
                (characters, bytes, i) = (characters + 1, bytes + 1, i + 1);
            }
        }

        return new TextSize(characters, bytes);
    }

    private static (int Characters, int Bytes) Escaped(ReadOnlySpan<byte> hex) =>
        !ushort.TryParse(hex, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit) ? (1, 1)
        : unit is >= 0xDC00 and <= 0xDFFF ? (0, 2) // the second half of a pair
        : unit is >= 0xD800 and <= 0xDBFF ? (1, 2) // its first half
        : (1, unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3);
}
