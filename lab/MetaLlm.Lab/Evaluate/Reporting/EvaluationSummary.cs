namespace MetaLlm.Lab.Evaluate.Reporting;

/// <summary>Verdicts, for people.</summary>
internal static class EvaluationSummary
{
    /// <summary>The verdicts of a report.</summary>
    public static IReadOnlyList<Verdict> Of(EvaluationReport report)
    {
        Verdict Count<T>(string label, IEnumerable<T> items, Func<T, bool> passed)
        {
            var all = items.ToArray();
            return new Verdict(label, all.Count(passed), all.Length);
        }

        var points = report.Sets.SelectMany(s => s.Points).Where(p => p.Report.Policy == EvaluationSuite.Flagship).ToArray();
        return
        [
            Count("warm points not below the static mix", points.Where(p => p is { Start: "warm", Features: "all" }), p => p.NotBelowMix),
            Count("warm points without the tag not below the static mix", points.Where(p => p is { Start: "warm", Features: "no-task" }), p => p.NotBelowMix),
            Count("negative controls passed", report.Sets.SelectMany(s => s.Controls), c => c.Passed),
            Count("off-policy estimators that cover 93-97 %", report.Sets.SelectMany(s => s.Coverage), c => c.Passed),
        ];
    }

    /// <summary>Prints the verdicts and every point of the flagship.</summary>
    public static void Print(TextWriter writer, EvaluationReport report)
    {
        var table = new TextTable("data", "start", "features", "budget", "reward", "of budget", "static mix", "gain", "95 % of gain", "against the mix");
        foreach (var set in report.Sets)
        {
            foreach (var (start, features, notBelow, r) in set.Points.Where(p => p.Report.Policy == EvaluationSuite.Flagship))
            {
                var row = Replay.Reporting.PointTable.Of([r]).Rows[0];
                table.Add(set.Name, start, features, row[1], row[2], row[6], row[9], row[10], row[11], notBelow ? "not below" : "below");
            }
        }

        table.Print(writer);
        writer.WriteLine();
        foreach (var verdict in Of(report).Where(v => v.All > 0))
        {
            writer.WriteLine(FormattableString.Invariant($"{verdict.Met} of {verdict.All} {verdict.Label}"));
        }

        writer.WriteLine(FormattableString.Invariant($"{report.Seconds:F0} seconds"));
    }
}
