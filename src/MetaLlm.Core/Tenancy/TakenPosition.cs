namespace MetaLlm.Core.Tenancy;

/// <summary>How far an owner has taken in what another owner of its tenant has seen.</summary>
/// <param name="Owner">Number of the other owner, from 1.</param>
/// <param name="Ordinal">Ordinal of the last of its decisions; 0 for none.</param>
/// <param name="Sequence">Sequence of the last of its events; 0 for none.</param>
public readonly record struct TakenPosition(int Owner, long Ordinal, long Sequence);
