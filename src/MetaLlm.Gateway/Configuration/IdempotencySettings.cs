using System.ComponentModel.DataAnnotations;

namespace MetaLlm.Gateway.Configuration;

/// <summary>What is kept of answers to requests with the header <c>Idempotency-Key</c>, so that a request which comes again is not called, nor paid, twice.</summary>
public sealed record IdempotencySettings
{
    /// <summary>How long a key is known, hours. With 0 nothing is kept, and the header says nothing.</summary>
    /// <value>Default 24; 0 to 720.</value>
    [Range(0, 720)]
    public int Hours { get; init; } = 24;

    /// <summary>How long a request waits for the answer of an earlier one that runs, seconds; then it is answered 409.</summary>
    /// <value>Default 30; 0 to 600.</value>
    [Range(0, 600)]
    public int WaitSeconds { get; init; } = 30;

    /// <summary>Largest answer that is kept, bytes. A request whose answer was larger is a new call when it comes again.</summary>
    /// <value>Default 4,194,304; 1,024 to 67,108,864.</value>
    [Range(1024, 64 * 1024 * 1024)]
    public int AnswerBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Most answers of a tenant that are kept; the oldest go first, and some more may stand for a moment.</summary>
    /// <value>Default 10,000; 1 to 1,000,000.</value>
    [Range(1, 1_000_000)]
    public int TenantAnswers { get; init; } = 10_000;

    /// <summary>Most bytes of them together.</summary>
    /// <value>Default 268,435,456; 1,048,576 to 1,099,511,627,776.</value>
    [Range(typeof(long), "1048576", "1099511627776")]
    public long TenantBytes { get; init; } = 256 * 1024 * 1024;
}
