using System.Globalization;
using System.Text;

namespace MetaLlm.Chaos.Reporting;

/// <summary>A report for people.</summary>
internal static class ReportText
{
    private static readonly string[] Titles =
        ["fault", "count", "detected, s", "worst", "resumed, s", "worst", "judged, s", "disturbed, s", "by errors", "a fault", "worst", "over limit", "errors of clients"];

    /// <summary>Writes it as plain text.</summary>
    public static string Of(ChaosReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(Invariant($"{report.Faults.Count} faults in {report.Seconds} s, seed {report.Seed}; calm p99 {report.CalmP99Milliseconds} ms"));
        text.AppendLine(Invariant($"{report.Decisions} decisions, {report.Feedback} pieces of feedback, {report.Operations} answers; hosts ended by themselves {report.OwnEnds} times"));
        foreach (var (kind, why) in report.LeftOut)
        {
            text.AppendLine(Invariant($"left out: {kind}, since {why}"));
        }

        text.AppendLine();
        AppendTable(text, [Titles, .. report.Kinds.Select(Row)]);
        text.AppendLine();
        text.AppendLine(Invariant($"errors of clients: {Errors(report.Errors)}"));
        text.AppendLine(string.Join(", ", report.Counts.Select(count => Invariant($"{count.Key.ToLowerInvariant()} {count.Value}"))));
        foreach (var sample in report.Memory)
        {
            text.AppendLine(Invariant($"memory at {sample.Seconds} s, MB: {string.Join(", ", sample.Megabytes)}"));
        }

        foreach (var fault in report.Faults)
        {
            AppendFault(text, fault);
        }

        foreach (var finding in report.Findings)
        {
            text.AppendLine(finding);
        }

        text.AppendLine(report.Kept ? "All promises were kept." : "Promises were broken.");
        foreach (var broken in report.Broken)
        {
            text.AppendLine(Invariant($"  {broken}"));
        }

        return text.ToString();
    }

    /// <summary>A fault that broke a promise of time, with what was seen.</summary>
    private static void AppendFault(StringBuilder text, FaultLine fault)
    {
        var late = ReportBuilder.MustResume(fault.Kind) && fault.Resumed > ReportBuilder.ResumptionLimit;
        if (!late && fault.Disturbed <= ReportBuilder.DisturbedLimit)
        {
            return;
        }

        var where = fault.Host is { } host ? Invariant($" of host {host}") : "";
        var detected = fault.Detected is { } seconds ? Invariant($", detected after {seconds} s") : "";
        text.AppendLine(Invariant($"fault {fault.Number}, {fault.Kind}{where} at {fault.At} s{detected}, lasted {fault.Lasted} s, ready after {fault.Recovered} s:"));
        if (late)
        {
            var worst = fault.Victims.MaxBy(victim => victim.Seconds)!;
            text.AppendLine(Invariant($"  tenant {worst.Tenant} without an answer from {worst.From} to {worst.Until} s: {string.Join("; ", worst.Attempts)}"));
        }

        if (fault.Disturbed > ReportBuilder.DisturbedLimit)
        {
            text.AppendLine(Invariant($"  {fault.Disturbed} disturbed seconds: {string.Join("; ", fault.Disturbances)}"));
        }
    }

    private static string[] Row(KindSummary kind) =>
    [
        kind.Kind,
        Invariant($"{kind.Count}"),
        Invariant($"{kind.DetectionMedian}"),
        Invariant($"{kind.DetectionWorst}"),
        Invariant($"{kind.ResumptionMedian}"),
        Invariant($"{kind.ResumptionWorst}"),
        Invariant($"{kind.JudgedSeconds}"),
        Invariant($"{kind.DisturbedSeconds}"),
        Invariant($"{kind.FailedSeconds}"),
        Invariant($"{kind.DisturbedMedian}"),
        Invariant($"{kind.DisturbedWorst}"),
        Invariant($"{kind.OverLimit}"),
        Errors(kind.Errors),
    ];

    private static string Errors(IReadOnlyDictionary<string, int> errors) =>
        string.Join(", ", errors.OrderByDescending(error => error.Value).Select(error => Invariant($"{error.Value} x {error.Key}")));

    private static void AppendTable(StringBuilder text, IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
