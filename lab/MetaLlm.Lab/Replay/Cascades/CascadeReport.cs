using System.Globalization;

namespace MetaLlm.Lab.Replay.Cascades;

/// <summary>A cascade with one trade-off beside single calls at equal spend; one element of the report file.</summary>
internal sealed record CascadeReport
{
    /// <summary>Name of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>Name of the policy.</summary>
    public required string Policy { get; init; }

    /// <summary>Quality of the simulated confidence; null for a constant one.</summary>
    public required double? Auc { get; init; }

    /// <summary>Mean spend per request to keep, USD; null for none.</summary>
    public required double? Budget { get; init; }

    /// <summary>Fixed shadow price, quality per USD.</summary>
    public required double PriceWeight { get; init; }

    /// <summary>Number of seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>Means over seeds.</summary>
    public required CascadeOutcome Mean { get; init; }

    /// <summary>Mean reward beyond that of single calls at equal spend.</summary>
    public required double Gain { get; init; }

    /// <summary>Standard error of <see cref="Gain"/> over seeds; 0 with one seed.</summary>
    public required double GainError { get; init; }

    /// <summary>Sums up the seeds of one trade-off.</summary>
    public static CascadeReport Of(string data, string policy, double? auc, TradeOff tradeOff, IReadOnlyList<CascadeOutcome> seeds)
    {
        double[] gains = [.. seeds.Select(s => s.Reward - s.SingleReward)];
        var mean = gains.Average();
        return new CascadeReport
        {
            Data = data,
            Policy = policy,
            Auc = auc,
            Budget = tradeOff.Budget,
            PriceWeight = tradeOff.PriceWeight,
            Seeds = seeds.Count,
            Mean = new CascadeOutcome(
                seeds.Average(s => s.Reward), seeds.Average(s => s.CostUsd), seeds.Average(s => s.Escalated), seeds.Average(s => s.SingleReward),
                seeds.Average(s => s.SingleCostUsd), seeds.Average(s => s.MixReward), seeds.Average(s => s.Brier)),
            Gain = mean,
            GainError = gains.Length < 2 ? 0 : Math.Sqrt(gains.Sum(g => (g - mean) * (g - mean)) / (gains.Length - 1) / gains.Length),
        };
    }

    /// <summary>All trade-offs as a table.</summary>
    public static TextTable Table(IEnumerable<CascadeReport> reports)
    {
        static string Number(double number, string format = "0.0000") => number.ToString(format, CultureInfo.InvariantCulture);
        var table = new TextTable("policy", "auc", "budget", "price weight", "USD", "escalated", "reward", "single calls", "their USD", "gain", "+-", "mix", "brier");
        foreach (var report in reports)
        {
            table.Add(
                report.Policy, report.Auc is { } auc ? Number(auc, "0.##") : "constant", report.Budget is { } budget ? Number(budget, "0.###E+0") : "-", Number(report.PriceWeight, "0.###"),
                Number(report.Mean.CostUsd, "0.000E+0"), Number(report.Mean.Escalated), Number(report.Mean.Reward), Number(report.Mean.SingleReward),
                Number(report.Mean.SingleCostUsd, "0.000E+0"), Number(report.Gain), Number(report.GainError), Number(report.Mean.MixReward), Number(report.Mean.Brier));
        }

        return table;
    }
}
