namespace MetaLlm.Storage.Sqlite;

/// <summary>A decision as the writer finds it when an event about it arrives.</summary>
internal readonly record struct WrittenDecision(
    long Ordinal,
    string ServedArm,
    double ReservedUsd,
    bool Settled,
    double? Reward,
    double RewardWeight);
