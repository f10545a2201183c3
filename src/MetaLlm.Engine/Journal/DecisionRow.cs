namespace MetaLlm.Engine.Journal;

/// <summary>A decision that a transaction appends.</summary>
/// <param name="Head">Its tenant.</param>
/// <param name="Encoded">The decision.</param>
public readonly record struct DecisionRow(TenantHead Head, EncodedDecision Encoded);
