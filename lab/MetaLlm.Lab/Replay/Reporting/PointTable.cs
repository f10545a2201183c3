using System.Globalization;
using MetaLlm.Lab.Reports;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>The table of points: what a policy earned and spent, and whether that counts.</summary>
internal static class PointTable
{
    /// <summary>Says whether a point counts: it does unless even the upper end of its gain's 95 % interval is below 0.</summary>
    public static bool NotBelowMix(RewardSummary gain) => gain.Ci95[1] >= 0;

    /// <summary>Lays reports out.</summary>
    public static ReportTable Of(IReadOnlyList<ReplayReport> reports) => new(
        ["policy", "budget", "reward", "sd", "95 % interval", "cost", "of budget", "worst 100", "overspend", "static mix", "gain", "95 % of gain", "against the mix"],
        [.. reports.Select(Row)]);

    private static string[] Row(ReplayReport r) =>
    [
        r.Policy,
        r.Budget is { } budget ? Usd(budget) : r.PriceWeight > 0 ? "price " + Usd(r.PriceWeight) : "none",
        Number(r.Reward.Mean, "F4"),
        Number(r.Reward.Sd, "F4"),
        Interval(r.Reward.Ci95, "F4"),
        Usd(r.Cost.Mean),
        Optional(r.Utilisation, "F3"),
        Optional(r.Worst100, "F2"),
        Optional(r.Overspend, "F1"),
        Number(r.References.StaticMixAtRealisedCost.Reward, "F4"),
        Signed(r.Gain.Mean),
        SignedInterval(r.Gain.Ci95),
        NotBelowMix(r.Gain) ? "not below" : "below",
    ];

    /// <summary>Prints both ends.</summary>
    public static string Interval(double[] ends, string format) => $"{Number(ends[0], format)} to {Number(ends[1], format)}";

    /// <summary>Prints a number; a dash when there is none.</summary>
    public static string Optional(double? value, string format) => value is { } number ? Number(number, format) : "-";

    /// <summary>Prints an amount with four digits.</summary>
    public static string Usd(double usd) => usd.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>Prints a number.</summary>
    public static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Prints a difference with its sign and four digits; what rounds to zero is +0.0000.</summary>
    public static string Signed(double value) => Number(Math.Round(value, 4) + 0.0, "+0.0000;-0.0000");

    /// <summary>Prints both ends of a difference.</summary>
    public static string SignedInterval(double[] ends) => $"{Signed(ends[0])} to {Signed(ends[1])}";
}
