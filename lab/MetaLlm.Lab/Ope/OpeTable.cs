using MetaLlm.Lab.Ope.Estimation;

namespace MetaLlm.Lab.Ope;

/// <summary>Reports as text for people.</summary>
internal static class OpeTable
{
    /// <summary>Prints reports.</summary>
    /// <param name="writer">Receives the text.</param>
    /// <param name="reports">At least one.</param>
    public static void Print(TextWriter writer, IReadOnlyList<OpeReport> reports)
    {
        foreach (var report in reports)
        {
            var (log, weights) = (report.Log, report.Weights);
            writer.WriteLine(FormattableString.Invariant(
                $"{report.Target}: {log.Used} of {log.Decisions} decisions ({log.Pinned} pinned, {log.Rerouted} rerouted, {log.Unrewarded} without a reward, {log.Undefined} without a choice)"));
            writer.WriteLine(FormattableString.Invariant(
                $"  effective sample size {weights.EffectiveSampleSize:F0}; weights: mean {weights.Mean:F3} ± {weights.MeanStandardError:F3}, p99 {weights.P99:F2}, largest {weights.Largest:F2} ({weights.LargestShare:P1} of all)"));
            var table = new TextTable("  estimate of", "estimator", "value", "standard error", "95 % asymptotic", "95 % bootstrap", "95 % anytime-valid");
            Add(table, "  reward", report.LoggedReward, report.Reward, "F4");
            Add(table, "  cost USD", report.LoggedCost, report.Cost, "G4");
            table.Print(writer);
            foreach (var warning in report.Warnings)
            {
                writer.WriteLine($"  Note: {warning}");
            }

            writer.WriteLine();
        }
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
            table.Add(quantity, e.Estimator, Number(e.Value), Number(e.StandardError), Interval(e.Normal), Interval(e.Bootstrap), Interval(e.AnytimeValid));
        }
    }
}
