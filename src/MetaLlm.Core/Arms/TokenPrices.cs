namespace MetaLlm.Core.Arms;

/// <summary>List prices of one arm, in USD per token.</summary>
/// <param name="Input">USD per prompt token that is not served from the provider's cache; finite, at least 0.</param>
/// <param name="CachedInput">USD per prompt token that is; finite, at least 0.</param>
/// <param name="Output">USD per completion token, reasoning tokens included; finite, at least 0.</param>
public readonly record struct TokenPrices(double Input, double CachedInput, double Output)
{
    // Providers that charge for writing to their cache ask for a quarter more than the price of a prompt token.
    private const double CacheWriteFactor = 1.25;

    /// <summary>Prices given as providers print them: USD per million tokens.</summary>
    /// <param name="input">USD per million prompt tokens.</param>
    /// <param name="output">USD per million completion tokens.</param>
    /// <param name="cachedInput">USD per million cached prompt tokens; by default the input price.</param>
    /// <returns>The same prices per token.</returns>
    public static TokenPrices PerMillion(double input, double output, double? cachedInput = null) =>
        new(input / 1e6, (cachedInput ?? input) / 1e6, output / 1e6);

    /// <summary>Most that a call can cost: every prompt token at the dearest price that there is for one, which is that of a write to the provider's cache.</summary>
    /// <param name="inputTokens">Most prompt tokens.</param>
    /// <param name="outputTokens">Most completion tokens.</param>
    /// <returns>USD.</returns>
    public double MostCost(double inputTokens, double outputTokens) =>
        (inputTokens * Math.Max(CacheWriteFactor * Input, CachedInput)) + (outputTokens * Output);

    /// <summary>What a call with this usage costs.</summary>
    /// <param name="usage">Tokens of the call.</param>
    /// <returns>USD.</returns>
    public double Cost(in TokenUsage usage) =>
        ((usage.Input - usage.CachedInput) * Input) + (usage.CachedInput * CachedInput) + (usage.Output * Output);
}
