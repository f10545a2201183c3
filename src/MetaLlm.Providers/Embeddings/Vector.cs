using System.Buffers.Binary;
using System.Text.Json;

namespace MetaLlm.Providers.Embeddings;

/// <summary>A vector in JSON: a list of numbers, or its float32 numbers, little-endian, in base64.</summary>
internal static class Vector
{
    /// <summary>How many numbers it has; null when it is no vector.</summary>
    public static int? LengthOf(JsonElement vector)
    {
        if (vector.ValueKind == JsonValueKind.String)
        {
            return vector.TryGetBytesFromBase64(out var bytes) && bytes.Length > 0 && bytes.Length % sizeof(float) == 0 ? bytes.Length / sizeof(float) : null;
        }

        if (vector.ValueKind != JsonValueKind.Array || vector.GetArrayLength() == 0)
        {
            return null;
        }

        foreach (var number in vector.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number)
            {
                return null;
            }
        }

        return vector.GetArrayLength();
    }

    /// <summary>Writes it in one of the two forms.</summary>
    /// <param name="writer">Receives the value.</param>
    /// <param name="vector">A vector in either form.</param>
    /// <param name="isBase64">The form.</param>
    public static void Write(Utf8JsonWriter writer, JsonElement vector, bool isBase64)
    {
        if (isBase64 == (vector.ValueKind == JsonValueKind.String))
        {
            vector.WriteTo(writer);
        }
        else if (isBase64)
        {
            var bytes = new byte[vector.GetArrayLength() * sizeof(float)];
            var i = 0;
            foreach (var number in vector.EnumerateArray())
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i++ * sizeof(float)), (float)number.GetDouble());
            }

            writer.WriteBase64StringValue(bytes);
        }
        else
        {
            writer.WriteStartArray();
            var bytes = vector.GetBytesFromBase64();
            for (var i = 0; i < bytes.Length; i += sizeof(float))
            {
                var number = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i));
                writer.WriteNumberValue(float.IsFinite(number) ? number : 0);
            }

            writer.WriteEndArray();
        }
    }
}
