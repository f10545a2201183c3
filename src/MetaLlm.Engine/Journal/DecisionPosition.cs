namespace MetaLlm.Engine.Journal;

/// <summary>A place in the order in which a tenant's decisions were made: by time, those of one instant by ordinal.</summary>
/// <param name="At">When the decision was made.</param>
/// <param name="Ordinal">Its ordinal.</param>
public readonly record struct DecisionPosition(DateTimeOffset At, long Ordinal)
{
    /// <summary>Before every decision.</summary>
    public static DecisionPosition Start { get; } = new(DateTimeOffset.MinValue, 0);
}
