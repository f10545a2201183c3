using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Replay.Datasets;

/// <summary>One query with the recorded outcome of every arm; arrays are by arm index of the data set.</summary>
internal sealed record ReplayRow
{
    /// <summary>Unique id of the query.</summary>
    public required string QueryId { get; init; }

    /// <summary>Task tag, or null.</summary>
    public required string? Task { get; init; }

    /// <summary>What the user asked.</summary>
    public required string Text { get; init; }

    /// <summary>Name of the part of the data set that the row belongs to; null when there are no parts.</summary>
    public required string? Split { get; init; }

    /// <summary>Rewards, 0 to 1.</summary>
    public required double[] Score { get; init; }

    /// <summary>What the calls cost, USD: the truth, whatever tokens times prices say.</summary>
    public required double[] CostUsd { get; init; }

    /// <summary>Tokens of the calls, in the unit of the arm's prices.</summary>
    public required TokenUsage[] Usage { get; init; }

    /// <summary>Seconds to the full answers; NaN where not recorded.</summary>
    public required double[] LatencySeconds { get; init; }
}
