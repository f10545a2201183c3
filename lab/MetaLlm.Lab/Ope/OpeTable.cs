using MetaLlm.Evaluation;
using MetaLlm.Evaluation.Estimation;

namespace MetaLlm.Lab.Ope;

/// <summary>Reports as text for people.</summary>
internal static class OpeTable
{
    /// <summary>Prints reports.</summary>
    /// <param name="writer">Receives the text.</param>
    /// <param name="reports">At least one.</param>
    public static void Print(TextWriter writer, IReadOnlyList<OffPolicyReport> reports)
    {
        foreach (var report in reports)
        {
            var (log, weights) = (report.Log, report.Weights);
            writer.WriteLine(FormattableString.Invariant(
                $"{report.Target}: {log.Used} of {log.Decisions} decisions ({log.Pinned} pinned, {log.Rerouted} rerouted, {log.Unrewarded} without a reward, {log.Undefined} without a choice)"));
            writer.WriteLine(FormattableString.Invariant(
                $"  effective sample size {weights.EffectiveSampleSize:F0}; weights: mean {weights.Mean:F3} ± {weights.MeanStandardError:F3}, p99 {weights.P99:F2}, largest {weights.Largest:F2} ({weights.LargestShare:P1} of all)"));
            writer.WriteLine(FormattableString.Invariant(
                $"  reward as logged {report.LoggedReward:F4}; of this policy {report.RewardInterval[0]:F4} - {report.RewardInterval[1]:F4} (95 %, anytime-valid)"));
            if (report.Reward.Count > 0)
            {
                PrintEstimates(writer, report);
            }
            else
            {
                PrintNeed(writer, report.Evidence);
            }

            foreach (var warning in report.Warnings)
            {
                writer.WriteLine($"  Note: {warning}");
            }

            writer.WriteLine();
        }
    }

    private static void PrintEstimates(TextWriter writer, OffPolicyReport report)
    {
        var table = new TextTable("  estimate of", "estimator", "value", "95 % anytime-valid", "standard error", "95 % asymptotic", "95 % bootstrap");
        Add(table, "  reward", report.LoggedReward, report.Reward, "F4");
        Add(table, "  cost USD", report.LoggedCost, report.Cost, "G4");
        table.Print(writer);
    }

    private static void PrintNeed(TextWriter writer, Evidence evidence)
    {
        writer.WriteLine("  Not enough evidence for more than that: the log's policy hardly ever does what this one would do.");
        writer.WriteLine(FormattableString.Invariant(
            $"  By the log's probabilities it is worth {evidence.EffectiveSampleSize:F0} decisions of this policy ({Evidence.LeastEffective:F0} are needed), with skewness {evidence.Skewness:F2} (at most {Evidence.MostSkewness}); {evidence.UnexploredShare:P1} of the policy's choices are as good as never tried (at most {Evidence.MostUnexplored:P0})."));
        writer.WriteLine(FormattableString.Invariant(
            $"  With the tenant's explorationFloor at {string.Join(", at ", evidence.Needed.Select(n => FormattableString.Invariant($"{n.ExplorationFloor}: {n.Decisions} decisions")))} would do."));
    }

    private static void Add(TextTable table, string quantity, double? logged, IReadOnlyList<OffPolicyEstimate> estimates, string format)
    {
        string Number(double value) => value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
        string Interval(double[]? ends) => ends is null ? "-" : $"{Number(ends[0])} - {Number(ends[1])}";
        if (logged is { } value)
        {
            table.Add(quantity, "(as logged)", Number(value), "", "", "", "");
        }

        foreach (var e in estimates)
        {
            table.Add(quantity, e.Estimator, Number(e.Value), Interval(e.AnytimeValid), Number(e.StandardError), Interval(e.Normal), Interval(e.Bootstrap));
        }
    }
}
