namespace MetaLlm.Engine.SharedLearning;

/// <summary>What a store keeps of a tenant that gives to the pool.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Version">Counts up with every change, from 1.</param>
/// <param name="Document">All else, a JSON object.</param>
public sealed record StoredContribution(string Tenant, long Version, string Document);
