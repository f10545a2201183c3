namespace MetaLlm.Storage.Usage;

/// <summary>Rows that sums are counted from.</summary>
internal static class UsageRows
{
    /// <summary>How far a journal has come, and how far it has been counted.</summary>
    internal sealed record Head
    {
        public long Key { get; init; }

        public long LastOrdinal { get; init; }

        public long LastSequence { get; init; }

        public long Ordinal { get; init; }

        public long Sequence { get; init; }
    }

    /// <summary>A decision.</summary>
    internal sealed class Decision
    {
        public long Ordinal { get; init; }

        public long DecidedAt { get; init; }

        public string FeatureSchema { get; init; } = "";

        public bool Pinned { get; init; }

        public string ChosenArm { get; init; } = "";

        public byte[] Record { get; init; } = [];
    }

    /// <summary>A reroute, a settlement or a reward.</summary>
    internal sealed class Event
    {
        public long Sequence { get; init; }

        public int Kind { get; init; }

        public string ServedArm { get; init; } = "";

        public string? ToArm { get; init; }

        public long Ordinal { get; init; }

        public long DecidedAt { get; init; }

        public byte[] Record { get; init; } = [];

        public double? InputTokens { get; init; }

        public double? CachedTokens { get; init; }

        public double? OutputTokens { get; init; }

        public double? CostUsd { get; init; }

        public double? LatencySeconds { get; init; }

        public byte[]? Attempts { get; init; }

        public double? Reward { get; init; }

        public double? PreviousReward { get; init; }

        public double? MovedReward { get; init; }
    }
}
