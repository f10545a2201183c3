namespace MetaLlm.Host.Prices;

/// <summary>A model of the table. An arm has the prices of the model itself; the tiers are for who reads the table.</summary>
internal sealed record ListedModel : TokenRates
{
    /// <summary>The provider's name of it.</summary>
    public required string Model { get; init; }

    /// <summary>What long prompts cost.</summary>
    public LongContextRates? LongContext { get; init; }

    /// <summary>What a batch costs that may take a day.</summary>
    public TokenRates? Batch { get; init; }

    /// <summary>What requests cost that may wait.</summary>
    public TokenRates? Flex { get; init; }

    /// <summary>What requests cost that go first.</summary>
    public TokenRates? Priority { get; init; }
}
