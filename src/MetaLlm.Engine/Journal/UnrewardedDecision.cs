namespace MetaLlm.Engine.Journal;

/// <summary>A completed decision without a reward.</summary>
/// <param name="Ordinal">Its ordinal.</param>
/// <param name="DecisionId">Its id.</param>
public readonly record struct UnrewardedDecision(long Ordinal, string DecisionId);
