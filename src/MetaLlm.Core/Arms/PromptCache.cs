namespace MetaLlm.Core.Arms;

/// <summary>How the provider of an arm keeps prompts, so that the next call with the same beginning costs less.</summary>
public sealed record PromptCache
{
    /// <summary>Longest that a prompt may be kept.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(7);

    /// <summary>Most tokens that <see cref="MinTokens"/> may ask for.</summary>
    public const int MostTokens = 1_000_000;

    /// <summary>How long a prompt is kept after its last use, 1 s to 7 days.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Tokens that a beginning must have to be kept, 0 to 1,000,000.</summary>
    public int MinTokens { get; init; } = 1024;

    /// <summary>Whether only what a request marks (<c>cache_control</c>) is kept.</summary>
    public bool NeedsMarks { get; init; }

    /// <summary>USD per prompt token that is put into the cache, at least 0; 0 where that costs no more than any other prompt token.</summary>
    public double WritePrice { get; init; }
}
