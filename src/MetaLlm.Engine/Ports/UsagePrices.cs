using MetaLlm.Core.Arms;

namespace MetaLlm.Engine.Ports;

/// <summary>Prices by kind of token, in USD per token; finite, at least 0.</summary>
/// <param name="Input">A prompt token.</param>
/// <param name="CachedInput">A prompt token from the provider's cache.</param>
/// <param name="CacheWrite">A prompt token that the provider puts into its cache.</param>
/// <param name="Output">A completion token.</param>
/// <param name="AudioInput">A prompt token of sound.</param>
/// <param name="AudioOutput">A completion token of sound.</param>
[GenerateSerializer, Immutable, Alias("metallm.usage-prices")]
public sealed record UsagePrices(
    [property: Id(0)] double Input,
    [property: Id(1)] double CachedInput,
    [property: Id(2)] double CacheWrite,
    [property: Id(3)] double Output,
    [property: Id(4)] double AudioInput,
    [property: Id(5)] double AudioOutput)
{
    /// <summary>List prices by the three kinds that every list names.</summary>
    public TokenPrices List => new(Input, CachedInput, Output);

    /// <summary>Prices where some kinds may have their own.</summary>
    /// <param name="list">The list.</param>
    /// <param name="cacheWrite">USD per prompt token that the upstream writes to its cache; null for what <see cref="From"/> says.</param>
    /// <param name="audioInput">USD per prompt token of sound; null likewise.</param>
    /// <param name="audioOutput">USD per completion token of sound; null likewise.</param>
    /// <returns>Prices by kind.</returns>
    public static UsagePrices Of(TokenPrices list, double? cacheWrite, double? audioInput, double? audioOutput)
    {
        var prices = From(list);
        return prices with { CacheWrite = cacheWrite ?? prices.CacheWrite, AudioInput = audioInput ?? prices.AudioInput, AudioOutput = audioOutput ?? prices.AudioOutput };
    }

    /// <summary>USD per token of the dearest kind of prompt and of completion token; 0 where the list's prices tell it already.</summary>
    public (double Input, double Output) Dearest
    {
        get
        {
            var (list, input) = (List, Math.Max(CacheWrite, AudioInput));
            return (input > list.MostCost(1, 0) ? input : 0, AudioOutput > list.Output ? AudioOutput : 0);
        }
    }

    /// <summary>Prices where the list names three: cache writes cost 1.25 times the input, sound what text does.</summary>
    /// <param name="list">The list.</param>
    /// <returns>Prices by kind.</returns>
    public static UsagePrices From(TokenPrices list) =>
        new(list.Input, list.CachedInput, list.Input * TokenPrices.CacheWriteFactor, list.Output, list.Input, list.Output);
}
