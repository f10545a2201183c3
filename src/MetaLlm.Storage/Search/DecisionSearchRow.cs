using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Storage.Search;

/// <summary>A decision as a search reads it.</summary>
internal sealed class DecisionSearchRow
{
    public string DecisionId { get; init; } = "";

    public long Ordinal { get; init; }

    public long DecidedAt { get; init; }

    public string ChosenArm { get; init; } = "";

    public string ServedArm { get; init; } = "";

    public bool Pinned { get; init; }

    public double Propensity { get; init; }

    public double? Reward { get; init; }

    public int FeedbackCount { get; init; }

    public byte[]? Record { get; init; }

    public long? Outcome { get; init; }

    public double? CostUsd { get; init; }

    public double? LatencySeconds { get; init; }

    /// <summary>The task tag; null for none, and where the record was not read.</summary>
    public string? Task => Record is null ? null : DecisionCodec.DecodeTask(Record);

    public DecisionSummary ToSummary() => new()
    {
        DecisionId = DecisionId,
        Ordinal = Ordinal,
        At = new DateTimeOffset(DecidedAt, TimeSpan.Zero),
        Task = Task,
        ChosenArm = ChosenArm,
        ServedArm = ServedArm,
        Pinned = Pinned,
        Propensity = Propensity,
        Outcome = Outcome is { } outcome ? (CallOutcome)outcome : null,
        CostUsd = CostUsd,
        LatencySeconds = LatencySeconds,
        Reward = Reward,
        FeedbackCount = FeedbackCount,
    };
}
