namespace MetaLlm.Lab.Replay.Datasets;

/// <summary>One line of <c>data.jsonl</c> as recorded: arrays have one entry per model, NaN where nothing was recorded.</summary>
internal sealed record RawRow
{
    /// <summary>Number of the line, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Id of the query.</summary>
    public required string QueryId { get; init; }

    /// <summary>Task tag, or null.</summary>
    public required string? Task { get; init; }

    /// <summary>What the user asked.</summary>
    public required string Text { get; init; }

    /// <summary>Part of the data set, or null.</summary>
    public required string? Split { get; init; }

    /// <summary>Rewards.</summary>
    public required double[] Score { get; init; }

    /// <summary>Costs, USD.</summary>
    public required double[] CostUsd { get; init; }

    /// <summary>Prompt tokens.</summary>
    public required double[] InputTokens { get; init; }

    /// <summary>Completion tokens.</summary>
    public required double[] OutputTokens { get; init; }

    /// <summary>Seconds to the full answers.</summary>
    public required double[] LatencySeconds { get; init; }
}
