namespace MetaLlm.Engine.Journal;

/// <summary>A completed decision without a reward.</summary>
/// <param name="Ordinal">Its ordinal.</param>
/// <param name="DecisionId">Its id.</param>
/// <param name="At">When it was made.</param>
public readonly record struct UnrewardedDecision(long Ordinal, string DecisionId, DateTimeOffset At)
{
    /// <summary>Where it stands among the tenant's decisions.</summary>
    public DecisionPosition Position => new(At, Ordinal);
}
