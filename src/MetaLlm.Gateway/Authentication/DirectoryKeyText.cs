using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MetaLlm.Engine.TenantDirectory;

namespace MetaLlm.Gateway.Authentication;

/// <summary>
/// Keys of the directory as clients send them: <c>mlk_</c>, 16 hexadecimal digits that find the key, <c>_</c>, and a secret of 256 bits. Of the secret, the directory holds a salted
/// SHA-256 alone: with that many bits nobody can guess, so that a slow hash would protect nothing and cost every request.
/// </summary>
internal static class DirectoryKeyText
{
    private const string Prefix = "mlk_";
    private const int IdDigits = 16;
    private const int SecretBytes = 32;
    private const int SecretCharacters = 43;
    private const int SaltBytes = 16;
    private const int SecretStart = 4 + IdDigits + 1;

    /// <summary>What is shown of a key once it has been given out.</summary>
    /// <param name="id">Its id.</param>
    public static string ShownOf(string id) => Prefix + id;

    /// <summary>Makes a key.</summary>
    /// <param name="create">Makes what the directory keeps of it, of id, salt and hash.</param>
    /// <returns>The key's text, which is shown once, and what is kept of it.</returns>
    public static (string Text, DirectoryKey Key) Create(Func<string, byte[], byte[], DirectoryKey> create)
    {
        var id = RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(secret, salt, hash);
        return ($"{Prefix}{id}_{secret}", create(id, salt, hash.ToArray()));
    }

    /// <summary>Reads the id of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="id">Its id as a number.</param>
    /// <returns>Whether it has the form of a key of the directory.</returns>
    public static bool TryReadId(ReadOnlySpan<char> key, out ulong id)
    {
        id = 0;
        return key.Length == SecretStart + SecretCharacters && key.StartsWith(Prefix, StringComparison.Ordinal) && key[SecretStart - 1] == '_'
            && ulong.TryParse(key[Prefix.Length..(SecretStart - 1)], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id);
    }

    /// <summary>The id of a key as the directory has it.</summary>
    /// <param name="id">The id as a number.</param>
    public static string IdOf(ulong id) => id.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Whether a key's secret has a hash; the time taken does not depend on how close it comes.</summary>
    /// <param name="key">A key of which <see cref="TryReadId"/> has read the id.</param>
    /// <param name="salt">What the secret was hashed with.</param>
    /// <param name="hash">The hash.</param>
    public static bool Matches(ReadOnlySpan<char> key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> hash)
    {
        Span<byte> own = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(key[SecretStart..], salt, own);
        return TenantKey.Same(own, hash);
    }

    private static void Hash(ReadOnlySpan<char> secret, ReadOnlySpan<byte> salt, Span<byte> hash)
    {
        Span<byte> salted = stackalloc byte[SaltBytes + (SecretCharacters * 3)];
        salt[..Math.Min(salt.Length, SaltBytes)].CopyTo(salted);
        SHA256.HashData(salted[..(SaltBytes + Encoding.UTF8.GetBytes(secret, salted[SaltBytes..]))], hash);
    }
}
