using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Tenants;

/// <summary>A decision that the tenant's state has taken in and the journal may not have yet.</summary>
/// <param name="Record">The decision; nobody outside may learn of it before it is durable.</param>
/// <param name="Durable">Completes when it is; fails when it never will be, in which case it never happened.</param>
public readonly record struct PendingDecision(DecisionRecord Record, Task Durable);
