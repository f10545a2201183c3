using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces;

/// <summary>Writes JSON from JSON: what was read is copied as it stands, and neither unescaped nor escaped anew.</summary>
internal static class ChatWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A writer; the caller disposes it.</summary>
    public static Utf8JsonWriter Open(IBufferWriter<byte> output) => new(output, Options);

    /// <summary>Writes a value as it stands.</summary>
    public static void Copy(this Utf8JsonWriter writer, JsonElement value) => writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    /// <summary>Writes a member with a value as it stands; nothing where there is none.</summary>
    public static void Copy(this Utf8JsonWriter writer, string name, JsonElement? value)
    {
        if (value is { } found)
        {
            writer.WritePropertyName(name);
            writer.Copy(found);
        }
    }

    /// <summary>Writes a JSON value as the text that it is in JSON, as arguments of calls are.</summary>
    public static void WriteAsText(this Utf8JsonWriter writer, string name, JsonElement value) => writer.WriteString(name, JsonMarshal.GetRawUtf8Value(value));

    /// <summary>Writes a <c>data:</c> URL.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="name">Name of the member.</param>
    /// <param name="mediaType">A media type, as <see cref="MediaType"/> reads it.</param>
    /// <param name="base64">A text of base64.</param>
    public static void WriteDataUrl(this Utf8JsonWriter writer, string name, string mediaType, JsonElement base64)
    {
        var data = JsonMarshal.GetRawUtf8Value(base64)[1..];
        var prefix = $"\"data:{mediaType};base64,";
        var json = ArrayPool<byte>.Shared.Rent(prefix.Length + data.Length);
        try
        {
            // A media type is ASCII, so that characters are bytes.
            var length = System.Text.Encoding.ASCII.GetBytes(prefix, json);
            data.CopyTo(json.AsSpan(length));
            writer.WritePropertyName(name);
            writer.WriteRawValue(json.AsSpan(0, length + data.Length), skipInputValidation: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(json);
        }
    }

    /// <summary>Reads a media type.</summary>
    /// <exception cref="ApiException">It is none.</exception>
    public static string MediaType(JsonObjectReader owner, string name)
    {
        var type = owner.RequiredText(name, 128);
        return type.Contains('/', StringComparison.Ordinal) && type.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '+' or '-')
            ? type
            : throw ApiException.BadField(owner.Field(name), $"is '{type}'; it must be a media type such as image/png.");
    }
}
