namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>What one policy did in one phase of a scenario.</summary>
internal sealed record PhaseReport
{
    /// <summary>What happened in the phase.</summary>
    public required string Name { get; init; }

    /// <summary>Scored requests of the phase per seed.</summary>
    public required int Queries { get; init; }

    /// <summary>Mean reward.</summary>
    public required RewardSummary Reward { get; init; }

    /// <summary>Mean cost, USD per request.</summary>
    public required SpreadSummary Cost { get; init; }

    /// <summary>Mean cost / budget; null without a budget.</summary>
    public required double? Utilisation { get; init; }

    /// <summary>Mean cost of the most expensive 100 consecutive requests of the phase, of any seed / budget; null without a budget.</summary>
    public required double? Worst100 { get; init; }

    /// <summary>Mean reward beyond the static mix of the phase's arms at the phase's realised cost.</summary>
    public required RewardSummary Gain { get; init; }

    /// <summary>Reward beyond that of the first phase.</summary>
    public required SpreadSummary LiftOverFirstPhase { get; init; }

    /// <summary>Share of the requests by arm.</summary>
    public required IReadOnlyDictionary<string, double> Shares { get; init; }

    /// <summary>Best single arm of the phase, in hindsight.</summary>
    public required ReferencePoint BestSingle { get; init; }

    /// <summary>Best arm per task tag of the phase, in hindsight.</summary>
    public required ReferencePoint BestPerTask { get; init; }

    /// <summary>Best arm per query.</summary>
    public required ReferencePoint Oracle { get; init; }

    /// <summary>Reward from request <see cref="SettledReward.After"/> of the phase on.</summary>
    public required SettledReward Settled { get; init; }

    /// <summary>
    /// Requests from the begin of the phase until the mean reward of the next 50 (mean over seeds) is at least 98 % of the settled
    /// reward; null when that never happens.
    /// </summary>
    public required int? RecoveryQueries { get; init; }
}
