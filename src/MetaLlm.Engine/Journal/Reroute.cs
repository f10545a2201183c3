namespace MetaLlm.Engine.Journal;

/// <summary>Another arm takes over a call.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="ToArm">The arm that takes over.</param>
/// <param name="ReservedUsd">USD to set aside for it instead.</param>
/// <param name="Reason">Why, in a few words without prompt content.</param>
public sealed record Reroute(string DecisionId, string ToArm, double ReservedUsd, string Reason);
