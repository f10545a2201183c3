using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Storage.Codecs;

/// <summary>A decision as a journal's tables hold it, with how its call ended.</summary>
internal sealed class StoredDecisionRow
{
    public string DecisionId { get; init; } = "";

    public long Ordinal { get; init; }

    public long AppliedSequence { get; init; }

    public long DecidedAt { get; init; }

    public string FeatureSchema { get; init; } = "";

    public byte[] Context { get; init; } = [];

    public bool Pinned { get; init; }

    public string ChosenArm { get; init; } = "";

    public byte[] Record { get; init; } = [];

    public string ServedArm { get; init; } = "";

    public double ReservedUsd { get; init; }

    public double? BoundUsd { get; init; }

    public double? Reward { get; init; }

    public int FeedbackCount { get; init; }

    public double? RewardWeight { get; init; }

    public string? Verdicts { get; init; }

    public long? SettledSequence { get; init; }

    public long Outcome { get; init; }

    public double InputTokens { get; init; }

    public double CachedTokens { get; init; }

    public double OutputTokens { get; init; }

    public double CostUsd { get; init; }

    public double? LatencySeconds { get; init; }

    public byte[]? Attempts { get; init; }

    /// <summary>Only where it was asked for.</summary>
    public long? FeedbackSequence { get; init; }

    /// <summary>The decision, on its way out of the journal.</summary>
    /// <param name="tenant">Whose it is.</param>
    public ArchivedDecision ToArchived(string tenant) => new(ToDecision(tenant), SettledSequence ?? 0, FeedbackSequence ?? SettledSequence ?? 0);

    /// <summary>The decision.</summary>
    /// <param name="tenant">Whose it is.</param>
    public StoredDecision ToDecision(string tenant)
    {
        var columns = new DecisionColumns(
            tenant,
            DecisionId,
            Ordinal,
            AppliedSequence,
            new DateTimeOffset(DecidedAt, TimeSpan.Zero),
            FeatureSchema,
            DecisionCodec.DecodeContext(Context),
            Pinned,
            ChosenArm);
        var (failed, deployment, weighed) = AttemptsCodec.Decode(Attempts);
        return new StoredDecision
        {
            Decision = DecisionCodec.Decode(columns, Record),
            ServedArm = ServedArm,
            ReservedUsd = ReservedUsd,
            BoundUsd = BoundUsd ?? 0,
            Settlement = SettledSequence is null ? null : new Settlement
            {
                DecisionId = DecisionId,
                Outcome = (CallOutcome)Outcome,
                Usage = new TokenUsage(InputTokens, CachedTokens, OutputTokens),
                CostUsd = CostUsd,
                LatencySeconds = LatencySeconds,
                FailedAttempts = failed,
                Deployment = deployment,
                Weighed = weighed,
            },
            Reward = Reward,
            FeedbackCount = FeedbackCount,
            RewardWeight = RewardWeight ?? 1,
            Verdicts = Verdicts,
        };
    }
}
