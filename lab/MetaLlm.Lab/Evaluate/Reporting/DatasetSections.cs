using MetaLlm.Lab.Evaluate.Parts;
using MetaLlm.Lab.Replay.Reporting;
using MetaLlm.Lab.Reports;

namespace MetaLlm.Lab.Evaluate.Reporting;

/// <summary>One data set as sections of a page.</summary>
internal static class DatasetSections
{
    /// <summary>Lays a data set out.</summary>
    public static IEnumerable<ReportSection> Of(DatasetEvaluation set)
    {
        yield return Points(set);
        yield return Starts(set);
        foreach (var scenario in set.Scenarios)
        {
            var section = ScenarioSection.Of(scenario);
            yield return section with { Title = $"{set.Name}: {section.Title}" };
        }

        if (set.Stresses.Count + set.Controls.Count + set.Coverage.Count > 0)
        {
            yield return Checks(set);
        }

        if (set.Learnable.Count > 0)
        {
            yield return Learnable(set);
        }
    }

    private static ReportSection Points(DatasetEvaluation set)
    {
        ReplayReport[] warm = [.. set.Points.Where(p => p is { Start: "warm", Features: "all" }).Select(p => p.Report)];
        return new ReportSection(
            $"{set.Name}: reward over cost, warm",
            FormattableString.Invariant($"{warm[0].Queries:N0} scored requests of {set.Rows:N0}, {set.Arms.Count} arms, {warm[0].Seeds} seeds. ")
            + "The static mix is the best random mix of fixed arms, known in hindsight, at the policy's own realised cost.")
        {
            Tables = [PointTable.Of(warm)],
            Plots =
            [
                Plots.Frontier(warm),
                new("Cumulative regret, no budget", "requests", [.. set.Regret.Where(c => c is { Start: "warm", Features: "all" }).Select(c => new ReportSeries(c.Policy, c.Requests, c.Regret))])
                {
                    Note = "Reward that the best arm of each query would have had beyond the chosen one's, summed.",
                },
            ],
        };
    }

    private static ReportSection Starts(DatasetEvaluation set)
    {
        var points = set.Points.Where(p => p.Report.Policy == EvaluationSuite.Flagship).ToArray();
        string Label(string start, string features) => features == "all" ? start : $"{start}, no tag";
        var table = PointTable.Of([.. points.Select(p => p.Report with { Policy = Label(p.Start, p.Features) })]);
        var budgeted = points.Where(p => p.Report.Cost.Mean > 0).GroupBy(p => (p.Start, p.Features)).Select(g =>
        {
            var ordered = g.OrderBy(p => p.Report.Cost.Mean).ToArray();
            return new ReportSeries(
                Label(g.Key.Start, g.Key.Features), [.. ordered.Select(p => p.Report.Cost.Mean)], [.. ordered.Select(p => p.Report.Reward.Mean)], "marked");
        });
        var calibration = set.Calibration;
        return new ReportSection(
            $"{set.Name}: cold and warm, with and without the task tag",
            "A cold start pays for finding out about the arms within the stream, so the mix known in hindsight may be out of its reach.")
        {
            Tables = [table],
            Plots =
            [
                new("Reward over cost", "USD per request", [.. budgeted]) { LogX = true, XFormat = "usd" },
                new("Cumulative regret, no budget", "requests", [.. set.Regret.Where(c => c.Policy == EvaluationSuite.Flagship).Select(c => new ReportSeries(Label(c.Start, c.Features), c.Requests, c.Regret))]),
                new("Calibration", "predicted reward", [new("realised", calibration.Predicted, calibration.Realised, "marked"), new("perfect", calibration.Predicted, calibration.Predicted, "dashed")])
                {
                    Note = FormattableString.Invariant($"{calibration.Setting}, warm: tenths of the decisions. Mean distance {calibration.Error:F3}; realised over predicted cost {calibration.CostRatio:F3}."),
                },
            ],
        };
    }

    private static ReportSection Checks(DatasetEvaluation set) => new(
        $"{set.Name}: stressed feedback, controls, off-policy coverage",
        "Stresses are played cold, where feedback is all there is. Coverage: of the 95 % intervals from logs that epsilon-greedy wrote, 93 to 97 % are to hold the truth.")
    {
        Tables = new ReportTable[]
        {
            new(["feedback", "reward", "difference", "95 %", "of budget", "state"],
                [.. set.Stresses.Select(s => new[]
                {
                    s.Name, PointTable.Number(s.Reward, "F4"), Signed(s.Difference.Mean), PointTable.SignedInterval(s.Difference.Ci95),
                    PointTable.Optional(s.Utilisation, "F3"), s.SameState switch { null => "-", true => "identical", false => "not met: differs" },
                })]),
            new(["control", "measured", "value", "95 %", "verdict"],
                [.. set.Controls.Select(c => new[]
                {
                    c.Name, c.Quantity, Signed(c.Value.Mean), PointTable.SignedInterval(c.Value.Ci95), c.Passed ? "passed" : "not met",
                })]),
            new(["policy", "estimator", "truth", "bias", "coverage", "mean width", "anytime-valid coverage", "verdict"],
                [.. set.Coverage.Select(Row)]),
        }.Where(t => t.Rows.Count > 0).ToArray(),
    };

    private static ReportSection Learnable(DatasetEvaluation set) => new(
        $"{set.Name}: what is there to be learned",
        "The flagship's own estimator, given every arm's outcome for four fifths of all rows and priced in hindsight, on rows it has not seen. The oracle's lead over it is guessing, the judge's noise, and what another kind of model might find.")
    {
        Tables =
        [
            new(["features", "budget", "static mix", "learnable", "costs known too", "best per query"],
                [.. set.Learnable.Select(l => new[]
                {
                    l.Features, l.Budget is { } budget ? PointTable.Usd(budget) : "none", PointTable.Number(l.Mix, "F4"), PointTable.Number(l.Learned, "F4"),
                    PointTable.Number(l.CostsKnown, "F4"), PointTable.Number(l.Oracle, "F4"),
                })]),
        ],
    };

    private static string[] Row(CoverageResult c) =>
    [
        c.Target, c.Estimator, PointTable.Number(c.Truth, "F4"), Signed(c.Bias), PointTable.Number(c.Coverage, "P1"), PointTable.Number(c.Width, "F4"),
        PointTable.Optional(c.AnytimeCoverage, "P1"), c.Passed ? "met" : "not met",
    ];

    private static string Signed(double value) => PointTable.Signed(value);
}
