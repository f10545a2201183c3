using MetaLlm.Core.Arms;

namespace MetaLlm.Engine.Ports;

/// <summary>Prices that hold from a moment on.</summary>
/// <param name="From">The moment, UTC.</param>
/// <param name="Prices">The prices.</param>
public sealed record DatedPrices(DateTimeOffset From, TokenPrices Prices);
