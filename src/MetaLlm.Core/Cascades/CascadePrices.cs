namespace MetaLlm.Core.Cascades;

/// <summary>What quality, money and time are worth to each other.</summary>
/// <param name="Quality">Weight of quality, at least 0.</param>
/// <param name="PerUsd">Price of a USD, in quality, at least 0.</param>
/// <param name="PerSecond">Price of a second, in quality, at least 0.</param>
public readonly record struct CascadePrices(double Quality, double PerUsd, double PerSecond);
