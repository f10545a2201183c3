using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Reports;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>Plots that several reports share.</summary>
internal static class Plots
{
    private const int CurvePoints = 80;

    /// <summary>Reward over cost: a line per policy, the static mix, and every reference as a point.</summary>
    /// <param name="reports">Reports on the same requests, at least one.</param>
    public static ReportPlot Frontier(IReadOnlyList<ReplayReport> reports)
    {
        var references = reports[0].References;
        var mix = reports.Where(r => r.Cost.Mean > 0).OrderBy(r => r.Cost.Mean).ToArray();
        ReportSeries[] series =
        [
            .. reports.GroupBy(r => r.Policy).Select(g =>
            {
                var points = g.Where(r => r.Cost.Mean > 0).OrderBy(r => r.Cost.Mean).ToArray();
                return new ReportSeries(g.Key, [.. points.Select(p => p.Cost.Mean)], [.. points.Select(p => p.Reward.Mean)], "marked");
            }),
            new("static mix", [.. mix.Select(r => r.Cost.Mean)], [.. mix.Select(r => r.References.StaticMixAtRealisedCost.Reward)], "dashed"),
            Point("random", references.Random),
            Point("cheapest", references.Cheapest),
            Point("best single", references.BestSingle),
            Point("best per task", references.BestPerTask),
            Point("best per query", references.Oracle),
        ];
        return new ReportPlot("Reward over cost", "USD per request", [.. series.Where(s => s.X.All(x => x > 0))])
        {
            LogX = true,
            XFormat = "usd",
            Note = "Points are means over seeds. Best per query knows every outcome; much of its lead is luck.",
        };
    }

    /// <summary>Cumulative regret, mean over seeds; one curve per policy and trade-off.</summary>
    public static ReportPlot Regret(IReadOnlyList<ReplayResult> results) => new(
        "Cumulative regret",
        "requests",
        [.. results.Select(r => Regret(r.Report, r.Outcomes))])
    {
        Note = "Reward that the best arm of each query would have had beyond the chosen one's, summed.",
    };

    /// <summary>Name of a policy with its trade-off.</summary>
    public static string Name(ReplayReport report) =>
        report.Budget is { } budget ? FormattableString.Invariant($"{report.Policy} ${budget:G3}")
        : report.PriceWeight > 0 ? FormattableString.Invariant($"{report.Policy} price {report.PriceWeight:G3}")
        : report.Policy;

    private static ReportSeries Regret(ReplayReport report, IReadOnlyList<SeedOutcome> outcomes)
    {
        var length = outcomes.Min(o => o.Rewards.Length);
        var step = Math.Max(1, length / CurvePoints);
        var x = new List<double>();
        var y = new List<double>();
        var sum = 0.0;
        for (var i = 0; i < length; i++)
        {
            sum += outcomes.Average(o => o.BestRewards[i] - o.Rewards[i]);
            if ((i + 1) % step == 0)
            {
                x.Add(i + 1);
                y.Add(sum);
            }
        }

        return new ReportSeries(Name(report), x, y);
    }

    private static ReportSeries Point(string name, ReferencePoint point) => new(name, [point.Cost], [point.Reward], "points");
}
