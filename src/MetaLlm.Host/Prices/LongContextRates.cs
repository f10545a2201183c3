namespace MetaLlm.Host.Prices;

/// <summary>Prices of requests with long prompts.</summary>
internal sealed record LongContextRates : TokenRates
{
    /// <summary>Prompt tokens above which they hold.</summary>
    public required int Above { get; init; }
}
