using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Routing;

/// <summary>What is to be done with a caller's report.</summary>
/// <param name="Settlement">How the call ended, with its cost; null when there is nothing to record, since the decision is unknown or settled.</param>
/// <param name="IsOwnCall">Whether the call is the gateway's own, which the caller has no say in.</param>
public readonly record struct PricedReport(Settlement? Settlement, bool IsOwnCall);
