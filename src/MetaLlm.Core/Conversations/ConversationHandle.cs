using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MetaLlm.Core.Conversations;

/// <summary>Hashes that conversations are found by: 64 bits of a SHA-256 that begins with the tenant, never 0.</summary>
public static class ConversationHandle
{
    private const string Response = "response";

    /// <summary>Begins the hash of a tenant's words.</summary>
    /// <param name="tenant">The tenant: the same words of another one have another hash.</param>
    /// <param name="kind">What kind of words they are.</param>
    /// <returns>A hash that takes more; the caller disposes it.</returns>
    public static IncrementalHash Begin(string tenant, string kind)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(kind);
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{tenant}\0{kind}\0"));
        return hash;
    }

    /// <summary>The hash of what was appended so far; more may come.</summary>
    /// <param name="hash">The hash.</param>
    public static ulong Current(IncrementalHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetCurrentHash(digest);
        return Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(digest));
    }

    /// <summary>The hash of one name.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="kind">What kind of name it is.</param>
    /// <param name="name">The name.</param>
    public static ulong Of(string tenant, string kind, string name)
    {
        using var hash = Begin(tenant, kind);
        hash.AppendData(Encoding.UTF8.GetBytes(name));
        return Current(hash);
    }

    /// <summary>The hash of a response's id.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="decisionId">The decision that the response belongs to.</param>
    public static ulong OfResponse(string tenant, string decisionId) => Of(tenant, Response, decisionId);
}
