using MetaLlm.Lab.Reports;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>A scenario as a section of a page.</summary>
internal static class ScenarioSection
{
    /// <summary>Lays a report with a scenario out.</summary>
    public static ReportSection Of(ReplayReport report)
    {
        var scenario = report.Scenario!;
        var curves = scenario.Curves;
        double[] x = [.. curves.Requests.Select(r => (double)r)];
        double[] marks = [.. scenario.Phases.Take(scenario.Phases.Count - 1).Select((_, p) => (double)scenario.Phases.Take(p + 1).Sum(q => q.Queries))];
        double[] level = [.. x.Select(at => scenario.Phases[marks.Count(m => m < at)].BestPerTask.Reward)];
        ReportSeries[] spend = report.Budget is { } budget
            ? [new("spend", x, curves.CostUsd), new("budget", x, [.. x.Select(_ => budget)], "dashed")]
            : [new("spend", x, curves.CostUsd)];
        return new ReportSection($"{scenario.Name}, {Plots.Name(report)}", Note(scenario))
        {
            Tables = [Table(scenario)],
            Plots =
            [
                new("Reward while the world changes", "requests", [new(report.Policy, x, curves.Reward), new("best per task of the phase", x, level, "dashed")]) { Marks = marks },
                new("Spend per request", "requests", spend) { Marks = marks, YFormat = "usd" },
                new("Which arm gets the traffic", "requests", [.. curves.Shares.Select(s => new ReportSeries(s.Key, x, s.Value))]) { Marks = marks, YFormat = "percent" },
            ],
        };
    }

    private static string Note(ScenarioReport scenario)
    {
        var about = scenario.Arm is { } arm ? $"About {arm}. " : string.Empty;
        return scenario.Adoption is not { } adoption
            ? about
            : about + $"Adopted in {adoption.Adopted} seeds, rejected in {adoption.Rejected}; adoption step {PointTable.Optional(adoption.MedianStep, "F0")} (median), "
                + $"{PointTable.Optional(adoption.LastStep, "F0")} (latest); share at the end {PointTable.Number(adoption.SettledShare, "P1")}.";
    }

    private static ReportTable Table(ScenarioReport scenario) => new(
        ["phase", "requests", "reward", "95 % interval", "lift over phase 1", "cost", "of budget", "gain over mix", "best per task", "settled / best per task", "recovery"],
        [
            .. scenario.Phases.Select(p => new[]
            {
                p.Name,
                PointTable.Number(p.Queries, "F0"),
                PointTable.Number(p.Reward.Mean, "F4"),
                PointTable.Interval(p.Reward.Ci95, "F4"),
                PointTable.Signed(p.LiftOverFirstPhase.Mean),
                PointTable.Usd(p.Cost.Mean),
                PointTable.Optional(p.Utilisation, "F3"),
                PointTable.Signed(p.Gain.Mean),
                PointTable.Number(p.BestPerTask.Reward, "F4"),
                PointTable.Number(p.Settled.Ratio, "F3"),
                PointTable.Optional(p.RecoveryQueries, "F0"),
            }),
        ]);
}
