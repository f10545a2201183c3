using System.Buffers;
using System.Text;
using System.Text.Json;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.RequestLog;

/// <summary>Writes JSON without what must not be kept, as far as there is room: a document that is longer becomes a text of its beginning.</summary>
internal static class RedactedJson
{
    /// <summary>Characters at the end of a text that was cut before it was looked at: something there may be half of what is blotted out.</summary>
    public const int Doubtful = 1024;

    /// <summary>Most characters of what stands before data.</summary>
    private const int LongestHead = 128;

    /// <summary>Digits from which a number is looked at as a text.</summary>
    private const int LongNumber = 7;

    /// <summary>Writes a document.</summary>
    /// <param name="json">The document; it is well-formed.</param>
    /// <param name="redactor">Blots out.</param>
    /// <param name="most">Most bytes to write, at least 16.</param>
    /// <returns>JSON, and whether it was cut: then it is a text.</returns>
    public static (byte[] Json, bool IsCut) Write(ReadOnlySpan<byte> json, Redactor redactor, int most)
    {
        var output = new ArrayBufferWriter<byte>(Math.Min(json.Length, most) + 256);
        using (var writer = ChatWriter.Open(output))
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 128 });
            while (reader.Read())
            {
                Copy(ref reader, writer, redactor, most);
                if (writer.BytesCommitted + writer.BytesPending > most)
                {
                    break;
                }
            }
        }

        return output.WrittenCount <= most ? (output.WrittenSpan.ToArray(), false) : (JsonSerializer.SerializeToUtf8Bytes(Encoding.UTF8.GetString(output.WrittenSpan[..WholeCharacters.Count(output.WrittenSpan, most)])), true);
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer, Redactor redactor, int most)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(Redacted(reader.GetString()!, redactor, most));
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(Redacted(reader.GetString()!, redactor, most));
                break;
            case JsonTokenType.Number:
                CopyNumber(reader.ValueSpan, writer, redactor);
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }

    private static void CopyNumber(ReadOnlySpan<byte> number, Utf8JsonWriter writer, Redactor redactor)
    {
        if (number.Length >= LongNumber && Encoding.ASCII.GetString(number) is var text && redactor.Redact(text) is var redacted && redacted != text)
        {
            writer.WriteStringValue(redacted);
            return;
        }

        writer.WriteRawValue(number, skipInputValidation: true);
    }

    private static string Redacted(string text, Redactor redactor, int most)
    {
        if (text.StartsWith("data:", StringComparison.Ordinal) && text.IndexOf(";base64,", StringComparison.Ordinal) is var comma and > 0)
        {
            var head = Redacted(text[..comma], redactor, most);
            return $"{WholeCharacters.Of(head, Math.Min(head.Length, LongestHead))};base64,[{text.Length - comma - 8} characters]";
        }

        if (text.Length <= most + Doubtful)
        {
            return redactor.Redact(text);
        }

        var redacted = redactor.Redact(text[..(most + Doubtful)]);
        return WholeCharacters.Of(redacted, Math.Max(0, redacted.Length - Doubtful)) + "…";
    }
}
