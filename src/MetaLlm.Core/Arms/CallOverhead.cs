namespace MetaLlm.Core.Arms;

/// <summary>What an arm adds to every request beyond what the client sends, such as instructions or retrieved text.</summary>
public sealed record CallOverhead
{
    /// <summary>Most tokens that an arm may add.</summary>
    public const double LargestTokens = 10_000_000;

    /// <summary>Prompt tokens that are expected beside those of the request, 0 to 10,000,000. What calls really need is learned from there.</summary>
    public double InputTokens { get; init; }

    /// <summary>Most prompt tokens that are added, <see cref="InputTokens"/> to 10,000,000: what caps set aside for.</summary>
    public double MostInputTokens { get; init; }

    /// <summary>What a call costs beside its tokens, USD, finite and at least 0.</summary>
    public double Usd { get; init; }
}
