namespace MetaLlm.Host.Prices;

/// <summary>List prices, USD per million tokens; null where the list names none.</summary>
internal record TokenRates
{
    /// <summary>Of prompt tokens.</summary>
    public required double Input { get; init; }

    /// <summary>Of prompt tokens from the provider's cache.</summary>
    public double? CachedInput { get; init; }

    /// <summary>Of prompt tokens that go into it.</summary>
    public double? CacheWrite { get; init; }

    /// <summary>Of completion tokens.</summary>
    public required double Output { get; init; }
}
