namespace MetaLlm.Extensions.AI;

/// <summary>How a request was routed.</summary>
/// <param name="DecisionId">Id of the decision: what feedback names.</param>
/// <param name="Model">The model that answered: its id among the tenant's models.</param>
/// <param name="Policy">The policy that chose.</param>
/// <param name="Propensity">With which probability it chose that model, above 0 and at most 1; null where another model answered than the chosen one.</param>
/// <param name="Attempts">Models that were tried, the one that answered included; at least 1.</param>
public sealed record RoutingDecision(string DecisionId, string Model, string Policy, double? Propensity, int Attempts);
