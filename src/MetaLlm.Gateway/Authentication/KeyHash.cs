using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MetaLlm.Gateway.Authentication;

/// <summary>SHA-256 of a key, to look it up by.</summary>
internal readonly record struct KeyHash(UInt128 High, UInt128 Low)
{
    public static KeyHash Of(ReadOnlySpan<char> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        TenantKey.Hash(key, hash);
        return From(hash);
    }

    public static KeyHash From(ReadOnlySpan<byte> hash) =>
        new(BinaryPrimitives.ReadUInt128LittleEndian(hash), BinaryPrimitives.ReadUInt128LittleEndian(hash[16..]));

    /// <summary>Any part of a hash is one.</summary>
    public override int GetHashCode() => (int)(uint)Low;
}
