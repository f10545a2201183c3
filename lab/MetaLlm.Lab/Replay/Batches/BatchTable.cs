using System.Globalization;
using MetaLlm.Lab.Replay.Reporting;

namespace MetaLlm.Lab.Replay.Batches;

/// <summary>The report of batches as a table for people; differences in reward are in thousandths.</summary>
internal static class BatchTable
{
    /// <summary>Lays the reports out.</summary>
    public static TextTable Of(IReadOnlyList<BatchReport> reports)
    {
        var table = new TextTable(
            "policy", "budget", "caution", "reward", "promised", "covered", "cost", "worst over", "of best", "of its cost", "over mix", "shuffled", "over online", "its cost", "learned", "over online", "its cost");
        foreach (var r in reports)
        {
            table.Add(
                r.Policy,
                r.Budget.ToString("G4", CultureInfo.InvariantCulture),
                r.Caution.ToString("G4", CultureInfo.InvariantCulture),
                Number(r.Reward.Mean, "F4"),
                Number(r.Promised.Mean, "F4"),
                Number(r.Covered, "P0"),
                r.Cost.Mean.ToString("G4", CultureInfo.InvariantCulture),
                Number(r.WorstOverspend, "P1"),
                Number(r.ShareOfBest.Mean, "P2"),
                Number(r.CostShareOfBest.Mean, "P2"),
                Thousandths(r.OverMix),
                Thousandths(r.ShuffledOverMix),
                Thousandths(r.OverOnline),
                Number(r.OnlineCost.Mean, "F3"),
                Number(r.Learned.Mean, "F4"),
                Thousandths(r.LearnedOverOnline),
                Number(r.LearnedOnlineCost.Mean, "F3"));
        }

        return table;
    }

    private static string Thousandths(SpreadSummary summary) => $"{Number(1000 * summary.Mean, "F1")} ({Number(1000 * summary.Sd, "F1")})";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
