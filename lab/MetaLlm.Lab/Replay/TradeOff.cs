namespace MetaLlm.Lab.Replay;

/// <summary>How one run trades quality against money; at most one of the two is given.</summary>
/// <param name="Budget">Mean spend per request to keep, USD, above 0; null for none.</param>
/// <param name="PriceWeight">Fixed shadow price, quality per USD, at least 0.</param>
internal sealed record TradeOff(double? Budget, double PriceWeight);
