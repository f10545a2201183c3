namespace MetaLlm.Core.Arms;

/// <summary>List prices of one arm, in USD per token.</summary>
/// <param name="Input">USD per prompt token that is not served from the provider's cache; finite, at least 0.</param>
/// <param name="CachedInput">USD per prompt token that is; finite, at least 0.</param>
/// <param name="Output">USD per completion token, reasoning tokens included; finite, at least 0.</param>
public readonly record struct TokenPrices(double Input, double CachedInput, double Output)
{
    /// <summary>Factor on the price of a prompt token that is written to the provider's cache: those that charge for it ask for a quarter more.</summary>
    public const double CacheWriteFactor = 1.25;

    /// <summary>Prices given as providers print them: USD per million tokens.</summary>
    /// <param name="input">USD per million prompt tokens.</param>
    /// <param name="output">USD per million completion tokens.</param>
    /// <param name="cachedInput">USD per million cached prompt tokens; by default the input price.</param>
    /// <returns>The same prices per token.</returns>
    public static TokenPrices PerMillion(double input, double output, double? cachedInput = null) =>
        new(input / 1e6, (cachedInput ?? input) / 1e6, output / 1e6);

    /// <summary>Most that a call can cost: every token at the dearest price that there is for one. For a prompt token that is at least the price of a write to the provider's cache.</summary>
    /// <param name="inputTokens">Most prompt tokens.</param>
    /// <param name="outputTokens">Most completion tokens.</param>
    /// <param name="mostInput">USD per token of the dearest kind of prompt token; counts where it is above the list's.</param>
    /// <param name="mostOutput">The same of completion tokens.</param>
    /// <returns>USD.</returns>
    public double MostCost(double inputTokens, double outputTokens, double mostInput = 0, double mostOutput = 0) =>
        (inputTokens * Math.Max(mostInput, Math.Max(CacheWriteFactor * Input, CachedInput))) + (outputTokens * Math.Max(mostOutput, Output));

    /// <summary>The other way round: completion tokens that a call without cached ones had for its cost.</summary>
    /// <param name="costUsd">What it cost, USD.</param>
    /// <param name="inputTokens">Its prompt tokens.</param>
    /// <returns>Tokens, at least 0; 0 where they cost nothing.</returns>
    public double OutputFor(double costUsd, double inputTokens) => Output > 0 ? Math.Max(0, costUsd - (inputTokens * Input)) / Output : 0;

    /// <summary>What a call with this usage costs.</summary>
    /// <param name="usage">Tokens of the call.</param>
    /// <returns>USD.</returns>
    public double Cost(in TokenUsage usage) =>
        ((usage.Input - usage.CachedInput) * Input) + (usage.CachedInput * CachedInput) + (usage.Output * Output);
}
