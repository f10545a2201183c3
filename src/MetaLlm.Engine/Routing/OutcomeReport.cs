using MetaLlm.Core.Arms;

namespace MetaLlm.Engine.Routing;

/// <summary>What a caller who made the call itself reports about it; at least one member is set.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="Usage">Tokens of the call; null to infer them from the cost.</param>
/// <param name="CostUsd">What it cost, USD, at least 0; null to compute it from the usage, or else to charge the predicted cost.</param>
/// <param name="LatencySeconds">Seconds to the full answer, at least 0; null when not measured.</param>
public sealed record OutcomeReport(string DecisionId, TokenUsage? Usage, double? CostUsd, double? LatencySeconds);
