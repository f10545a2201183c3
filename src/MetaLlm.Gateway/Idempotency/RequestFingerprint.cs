using System.Security.Cryptography;
using System.Text;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces.Messages;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Idempotency;

/// <summary>Hashes that tell requests apart.</summary>
internal static class RequestFingerprint
{
    private const string OurHeaders = "x-metallm-";

    /// <summary>Hash of all that a request asks for: where it goes, what it wants of routing, and its body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">Its body.</param>
    /// <param name="beside">What else its answer depends on.</param>
    public static byte[] Of(HttpRequest request, ReadOnlyMemory<byte> body, string beside = "")
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Path.Value}\n"));
        foreach (var (name, value) in request.Headers.Where(header => IsWish(header.Key)).OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name.ToLowerInvariant()}: {value}\n"));
        }

        hash.AppendData(Encoding.UTF8.GetBytes($"{beside}\n"));
        hash.AppendData(body.Span);
        return hash.GetHashAndReset();
    }

    private static bool IsWish(string header) =>
        header.Equals(MessagesSurface.BetaHeader, StringComparison.OrdinalIgnoreCase) || (header.StartsWith(OurHeaders, StringComparison.OrdinalIgnoreCase) && !header.Equals(MetaLlmHeaders.Cache, StringComparison.OrdinalIgnoreCase));

    /// <summary>Hash of a key, by which its answer is found; the key itself is not kept.</summary>
    public static string OfKey(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
