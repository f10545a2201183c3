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

    /// <summary>
    /// Similarity of questions, the cosine of their embeddings, from which an answer stands for a question that is not the very same; without it there is no such thing. It holds within one
    /// gateway, for requests of the cache with one question alone: no further turns, tools, images or choices, all parameters and instructions equal, and the same numbers and signs in both
    /// questions. A question that the embedding model may not read to its end has none. It cannot tell swapped names or opposites: 0.985 is a start.
    /// </summary>
    [Range(0.7, 1.0)]
    public double? Similarity { get; init; }

    /// <summary>Most questions that each gateway remembers of the tenant for that; the oldest go first.</summary>
    /// <value>Default 1,000; 1 to 10,000.</value>
    [Range(1, 10_000)]
    public int SimilarQuestions { get; init; } = 1000;
}
