using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.WebConsole.Components;

namespace MetaLlm.WebConsole.Pages.Now;

/// <summary>The decisions of the last minutes, added up.</summary>
internal sealed class RecentDecisions
{
    private const int Minute = 60;

    /// <summary>Adds up.</summary>
    /// <param name="now">The time.</param>
    /// <param name="decisions">The decisions, of one owner after the other.</param>
    /// <param name="all">Whether these are all of that time.</param>
    public RecentDecisions(DateTimeOffset now, IReadOnlyList<DecisionSummary> decisions, bool all)
    {
        IsWhole = all;
        Count = decisions.Count;
        var oldest = all || decisions.Count == 0 ? now - NowFeed.Span : decisions.Min(decision => decision.At);
        Minutes = Math.Max(1.0 / Minute, (now - oldest).TotalMinutes);
        var rewarded = decisions.Where(decision => decision is { Reward: not null, FeedbackCount: > 0 }).ToList();
        Rewards = rewarded.Count;
        MeanReward = rewarded.Count > 0 ? rewarded.Average(decision => decision.Reward!.Value) : null;
        SpentUsd = decisions.Sum(decision => decision.CostUsd ?? 0);
        Running = decisions.Count(decision => decision.Outcome is null);
        Failed = decisions.Count(decision => decision.Outcome is not (null or CallOutcome.Completed));
        Shares = [.. decisions.GroupBy(decision => decision.ServedArm).Select(group => new ModelShare(
            group.Key,
            group.Count(),
            (double)group.Count() / decisions.Count,
            group.Sum(decision => decision.CostUsd ?? 0),
            Mean(group.Where(decision => decision is { Reward: not null, FeedbackCount: > 0 }).Select(decision => decision.Reward!.Value)),
            Mean(group.Where(decision => decision.LatencySeconds is not null).Select(decision => decision.LatencySeconds!.Value)))).OrderByDescending(share => share.Count).ThenBy(share => share.Model, StringComparer.Ordinal)];
        PerMinute = Series(now, oldest, decisions);
    }

    /// <summary>Whether all decisions of the time are among them.</summary>
    public bool IsWhole { get; }

    /// <summary>Decisions.</summary>
    public int Count { get; }

    /// <summary>The time that they are of, minutes.</summary>
    public double Minutes { get; }

    /// <summary>Decisions with feedback.</summary>
    public int Rewards { get; }

    /// <summary>Mean of their rewards; null without any.</summary>
    public double? MeanReward { get; }

    /// <summary>What their calls have cost, USD, without failed attempts.</summary>
    public double SpentUsd { get; }

    /// <summary>Calls that have not ended.</summary>
    public int Running { get; }

    /// <summary>Calls that have ended without a whole answer.</summary>
    public int Failed { get; }

    /// <summary>Each model's part, the largest first.</summary>
    public IReadOnlyList<ModelShare> Shares { get; }

    /// <summary>Decisions of each minute.</summary>
    public IReadOnlyList<ChartPoint> PerMinute { get; }

    private static double? Mean(IEnumerable<double> values)
    {
        var list = values.ToList();
        return list.Count > 0 ? list.Average() : null;
    }

    private static List<ChartPoint> Series(DateTimeOffset now, DateTimeOffset oldest, IReadOnlyList<DecisionSummary> decisions)
    {
        var counts = decisions.GroupBy(decision => decision.At.ToUnixTimeSeconds() / Minute).ToDictionary(group => group.Key, group => group.Count());
        var points = new List<ChartPoint>();
        for (var minute = oldest.ToUnixTimeSeconds() / Minute; minute <= now.ToUnixTimeSeconds() / Minute; minute++)
        {
            points.Add(new ChartPoint(minute * Minute, counts.GetValueOrDefault(minute)));
        }

        return points;
    }
}
