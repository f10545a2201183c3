using System.Globalization;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>The report as a table for people.</summary>
internal static class ReplayTable
{
    /// <summary>Lays the reports out.</summary>
    /// <param name="reports">At least one report of one data set.</param>
    public static TextTable Of(IReadOnlyList<ReplayReport> reports)
    {
        var table = new TextTable(
            "policy", "budget", "price", "reward", "95 % interval", "static mix", "gain", "cost", "of budget", "worst 100", "regret", "decide us", "update us");
        foreach (var r in reports)
        {
            var mix = r.References.StaticMixAtRealisedCost.Reward;
            table.Add(
                Name(r),
                r.Budget is { } budget ? Usd(budget) : "-",
                r.PriceWeight == 0 ? "-" : r.PriceWeight.ToString("G4", CultureInfo.InvariantCulture),
                Number(r.Reward.Mean, "F4"),
                $"{Number(r.Reward.Ci95[0], "F4")} - {Number(r.Reward.Ci95[1], "F4")}",
                Number(mix, "F4"),
                PointTable.Signed(r.Gain.Mean),
                Usd(r.Cost.Mean),
                r.Utilisation is { } utilisation ? Number(utilisation, "F3") : "-",
                r.Worst100 is { } worst ? Number(worst, "F2") : "-",
                Number(r.Regret.Mean, "F1"),
                Timing(r.DecideMicros),
                Timing(r.UpdateMicros));
        }

        var references = reports[0].References;
        AddReference(table, "(random)", references.Random);
        AddReference(table, "(cheapest)", references.Cheapest);
        AddReference(table, "(best single)", references.BestSingle);
        AddReference(table, "(best per task)", references.BestPerTask);
        AddReference(table, "(best per query)", references.Oracle);
        return table;
    }

    private static string Name(ReplayReport r) => r.Shadow is { } shadow ? $"{r.Policy}, ${shadow.SpentUsd.ToString("F4", CultureInfo.InvariantCulture)} for {shadow.Answers:F0} answers"
        : r.TrainRows is { } rows ? $"{r.Policy}, {rows} rows"
        : r.Policy;

    private static void AddReference(TextTable table, string name, ReferencePoint point) =>
        table.Add(name, "-", "-", Number(point.Reward, "F4"), "", "", "", Usd(point.Cost), "", "", "", "", "");

    private static string Timing(TimingSummary timing) => $"{Number(timing.P50, "F1")} / {Number(timing.P99, "F1")}";

    private static string Usd(double usd) => usd.ToString("G4", CultureInfo.InvariantCulture);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
