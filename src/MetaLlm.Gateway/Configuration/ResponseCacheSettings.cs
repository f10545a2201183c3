using System.ComponentModel.DataAnnotations;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Whether the very same request gets the answer of before, without a call.</summary>
public sealed record ResponseCacheSettings
{
    internal const int LongestSeconds = 86_400;

    /// <summary>
    /// How long an answer stands for the same request, seconds; 0 for not at all. It holds for requests with <c>temperature</c> 0, for embeddings, and for those with the header
    /// <c>x-metallm-cache: use</c>. Number and size of the answers are those of <c>idempotency</c>.
    /// </summary>
    /// <value>Default 0; 0 to 86,400.</value>
    [Range(0, LongestSeconds)]
    public int Seconds { get; init; }
}
