namespace MetaLlm.Storage.Codecs;

/// <summary>What a decision row holds outside its encoded record.</summary>
internal readonly record struct DecisionColumns(
    string Tenant,
    string DecisionId,
    long Ordinal,
    long AppliedSequence,
    DateTimeOffset At,
    string FeatureSchema,
    float[] Context,
    bool Pinned,
    string ChosenArm);
