using MetaLlm.Lab.Replay.Reporting;

namespace MetaLlm.Lab.Replay.Batches;

/// <summary>What batches with one policy, budget and caution came to over seeds.</summary>
internal sealed record BatchReport
{
    /// <summary>The data set.</summary>
    public required string Data { get; init; }

    /// <summary>The policy that predicted.</summary>
    public required string Policy { get; init; }

    /// <summary>The budget, USD a query.</summary>
    public required double Budget { get; init; }

    /// <summary>Deviations that predictions were taken to be lower.</summary>
    public required double Caution { get; init; }

    /// <summary>Number of seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>Mean reward.</summary>
    public required SpreadSummary Reward { get; init; }

    /// <summary>Mean cost, USD a query.</summary>
    public required SpreadSummary Cost { get; init; }

    /// <summary>The most that a seed spent over its budget, as a share of it; below 0 where none did.</summary>
    public required double WorstOverspend { get; init; }

    /// <summary>Mean reward that the first plan promised.</summary>
    public required SpreadSummary Promised { get; init; }

    /// <summary>Share of seeds whose reward lies in the 95 % interval that was promised.</summary>
    public required double Covered { get; init; }

    /// <summary>Reward over that of the best static mix at the same cost.</summary>
    public required SpreadSummary OverMix { get; init; }

    /// <summary>Reward over that of the same policy deciding one request after the other, also without feedback, and with what the batch spent as its budget.</summary>
    public required SpreadSummary OverOnline { get; init; }

    /// <summary>What that policy spent, as a share of what the batch spent.</summary>
    public required SpreadSummary OnlineCost { get; init; }

    /// <summary>Mean reward where the batch learns from each answer's reward while it runs.</summary>
    public required SpreadSummary Learned { get; init; }

    /// <summary>That over the same policy deciding one request after the other, with feedback at once, and with what that batch spent as its budget.</summary>
    public required SpreadSummary LearnedOverOnline { get; init; }

    /// <summary>What that policy spent, as a share of what that batch spent.</summary>
    public required SpreadSummary LearnedOnlineCost { get; init; }

    /// <summary>Reward over that of the static mix where each query has the predictions of another: the negative control.</summary>
    public required SpreadSummary ShuffledOverMix { get; init; }

    /// <summary>Reward as a share of that of the best single arm.</summary>
    public required SpreadSummary ShareOfBest { get; init; }

    /// <summary>Cost as a share of that of the best single arm.</summary>
    public required SpreadSummary CostShareOfBest { get; init; }
}
