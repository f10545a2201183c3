using System.Text.Json.Serialization;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>What one policy earned and spent with one trade-off; one element of the report file.</summary>
internal sealed record ReplayReport
{
    /// <summary>Name of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>Name of the policy.</summary>
    public required string Policy { get; init; }

    /// <summary>Mean spend per request to keep, USD; null for none.</summary>
    public required double? Budget { get; init; }

    /// <summary>Fixed shadow price, quality per USD.</summary>
    public required double PriceWeight { get; init; }

    /// <summary>Number of seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>Scored requests per seed.</summary>
    public required int Queries { get; init; }

    /// <summary>Mean reward.</summary>
    public required RewardSummary Reward { get; init; }

    /// <summary>Mean cost, USD per request.</summary>
    public required SpreadSummary Cost { get; init; }

    /// <summary>Mean cost / budget; null without a budget.</summary>
    public required double? Utilisation { get; init; }

    /// <summary>Mean cost of the most expensive 100 consecutive scored requests of any seed / budget; null without a budget.</summary>
    public required double? Worst100 { get; init; }

    /// <summary>
    /// Most that was spent beyond budget x requests at any time of any seed, in requests' worth of budget; null without a budget.
    /// </summary>
    public required double? Overspend { get; init; }

    /// <summary>Mean reward beyond that of the static mix at the realised cost, request by request.</summary>
    public required RewardSummary Gain { get; init; }

    /// <summary>Reward that the best arm of each query would have had beyond the chosen one's, summed over a seed's scored requests.</summary>
    public required SpreadSummary Regret { get; init; }

    /// <summary>Share of the scored requests by arm.</summary>
    public required IReadOnlyDictionary<string, double> Shares { get; init; }

    /// <summary>What happened phase by phase; null without a scenario.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScenarioReport? Scenario { get; init; }

    /// <summary>What simple choices would have earned and spent on the same requests.</summary>
    public required ReferenceSummary References { get; init; }

    /// <summary>Rows drawn at random that the policy was warm-started with; null where it was not, or with others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TrainRows { get; init; }

    /// <summary>Where the models' cards come from; null without cards.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cards { get; init; }

    /// <summary>What a purse has bought; null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ShadowReport? Shadow { get; init; }

    /// <summary>Time per decision, microseconds.</summary>
    public required TimingSummary DecideMicros { get; init; }

    /// <summary>Time per application of a reward, microseconds.</summary>
    public required TimingSummary UpdateMicros { get; init; }
}
