using System.Security.Cryptography;
using System.Text;

namespace MetaLlm.Gateway.Authentication;

/// <summary>Keys are held as hashes; the keys themselves are not kept.</summary>
internal static class TenantKey
{
    /// <summary>What clients that cannot leave the key out may send where an anonymous tenant is served.</summary>
    public const string Anonymous = "anonymous";

    private const int UsualCharacters = 128;

    public static byte[] Hash(ReadOnlySpan<char> key)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        Hash(key, hash);
        return hash;
    }

    /// <param name="key">The key.</param>
    /// <param name="hash">Where its SHA-256 goes, 32 bytes.</param>
    public static void Hash(ReadOnlySpan<char> key, Span<byte> hash)
    {
        var utf8 = key.Length <= UsualCharacters ? stackalloc byte[UsualCharacters * 3] : new byte[Encoding.UTF8.GetMaxByteCount(key.Length)];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(key, utf8)], hash);
    }

    /// <summary>Compares in constant time.</summary>
    public static bool Same(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => CryptographicOperations.FixedTimeEquals(left, right);

    /// <summary>Whether a key has a hash; the time taken does not depend on how close it comes.</summary>
    public static bool Matches(ReadOnlySpan<char> key, ReadOnlySpan<byte> hash)
    {
        Span<byte> own = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(key, own);
        return Same(own, hash);
    }
}
