using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MetaLlm.Embeddings.Caching;

/// <summary>
/// One record of a segment file, of fixed length: the text's key (32 bytes), the vector (float32, the machine's byte order),
/// and the first 8 bytes of the SHA-256 of both, by which a torn or altered record is recognised.
/// </summary>
internal static class CacheRecord
{
    private const int ChecksumLength = 8;

    public static int Length(int dimensions) => TextKey.Length + sizeof(float) * dimensions + ChecksumLength;

    public static void Write(Span<byte> record, TextKey key, ReadOnlySpan<float> vector)
    {
        key.Write(record);
        MemoryMarshal.AsBytes(vector).CopyTo(record[TextKey.Length..]);
        Checksum(record[..^ChecksumLength]).CopyTo(record[^ChecksumLength..]);
    }

    /// <summary>The vector, or null when the record is damaged or belongs to another text.</summary>
    public static float[]? Read(ReadOnlySpan<byte> record, TextKey key)
    {
        var content = record[..^ChecksumLength];
        return TextKey.Read(record) == key && Checksum(content).SequenceEqual(record[^ChecksumLength..])
            ? MemoryMarshal.Cast<byte, float>(content[TextKey.Length..]).ToArray()
            : null;
    }

    private static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> content) => SHA256.HashData(content).AsSpan(0, ChecksumLength);
}
