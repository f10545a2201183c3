using MetaLlm.Lab.Reports;

namespace MetaLlm.Lab.Evaluate.Reporting;

/// <summary>The report as a page.</summary>
internal static class EvaluationPage
{
    private const string Foot =
        "Every policy learns from the outcome of the arm it chose alone. Warm: it starts from rows with every arm's outcome, which leave the stream. "
        + "A point is below the mix when even the upper end of the 95 % interval of its gain is. Plots: uPlot (MIT).";

    /// <summary>Lays a report out.</summary>
    public static ReportDocument Of(EvaluationReport report) => new(
        $"MetaLlm evaluation, {report.Suite} suite",
        FormattableString.Invariant($"{string.Join(", ", report.Sets.Select(s => s.Name))}; {report.Seeds} seeds, {report.Seconds:F0} seconds. The simulator's data are made by the product itself."),
        [.. EvaluationSummary.Of(report).Where(v => v.All > 0).Select(v => new[] { FormattableString.Invariant($"{v.Met} of {v.All}"), v.Label })],
        [.. report.Sets.SelectMany(DatasetSections.Of)],
        Foot);
}
