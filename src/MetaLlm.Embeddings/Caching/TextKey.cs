using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MetaLlm.Embeddings.Caching;

/// <summary>SHA-256 of a text in UTF-16: the texts themselves are never stored.</summary>
internal readonly record struct TextKey(UInt128 First, UInt128 Second)
{
    public const int Length = 32;

    private const int Half = Length / 2;

    public static TextKey Of(string text)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return Read(hash);
    }

    public static TextKey Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128LittleEndian(bytes), BinaryPrimitives.ReadUInt128LittleEndian(bytes[Half..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(destination, First);
        BinaryPrimitives.WriteUInt128LittleEndian(destination[Half..], Second);
    }
}
