using MetaLlm.Core.Tenancy;

namespace MetaLlm.Storage.Postgres;

/// <summary>A decision as a transaction sees it: what never changes, and what became of it so far.</summary>
internal sealed class DecisionState
{
    public required string DecisionId { get; init; }

    public required long Ordinal { get; init; }

    public required string FeatureSchema { get; init; }

    public required float[] Context { get; init; }

    public required double Propensity { get; init; }

    public required bool Pinned { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string ServedArm { get; set; }

    public required double ReservedUsd { get; set; }

    public long? SettledSequence { get; set; }

    public double? SettledUsd { get; set; }

    public double? Reward { get; set; }

    /// <summary>How much the reward counts; null is 1.</summary>
    public double? RewardWeight { get; set; }

    public int FeedbackCount { get; set; }

    /// <summary>Whether the row must be written back.</summary>
    public bool Changed { get; set; }

    /// <summary>Sequences of the feedback that was looked up or appended in this transaction, by idempotency key.</summary>
    public Dictionary<string, long> Feedback { get; } = new(StringComparer.Ordinal);

    /// <summary>What is in force at this point of the transaction.</summary>
    public DecisionFacts Facts() => new()
    {
        DecisionId = DecisionId,
        Ordinal = Ordinal,
        ServedArm = ServedArm,
        FeatureSchema = FeatureSchema,
        Context = Context,
        Propensity = Propensity,
        ReservedUsd = ReservedUsd,
        SettledUsd = SettledUsd,
        Pinned = Pinned,
        At = At,
    };
}
