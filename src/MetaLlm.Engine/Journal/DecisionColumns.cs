namespace MetaLlm.Engine.Journal;

/// <summary>What a stored decision holds outside its encoded record.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="DecisionId">Its id.</param>
/// <param name="Ordinal">Its ordinal.</param>
/// <param name="AppliedSequence">The last event that it builds on.</param>
/// <param name="At">When it was made.</param>
/// <param name="FeatureSchema">Feature layout of the context.</param>
/// <param name="Context">The context vector.</param>
/// <param name="Pinned">Whether the caller had named the arm.</param>
/// <param name="ChosenArm">The arm.</param>
public readonly record struct DecisionColumns(
    string Tenant,
    string DecisionId,
    long Ordinal,
    long AppliedSequence,
    DateTimeOffset At,
    string FeatureSchema,
    float[] Context,
    bool Pinned,
    string ChosenArm);
