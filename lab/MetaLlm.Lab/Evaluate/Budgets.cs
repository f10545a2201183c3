using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Lab.Evaluate;

/// <summary>The budgets of the battery.</summary>
internal static class Budgets
{
    /// <summary>Log-spaced budgets strictly between the mean costs of the cheapest arm and of the arm with the best mean reward.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>USD per request, ascending, rounded to three digits; fewer than asked for where one arm is both cheapest and best.</returns>
    public static IReadOnlyList<double> Of(ReplayDataset dataset, int count)
    {
        var hull = new UpperConcaveHull(Enumerable.Range(0, dataset.Arms.Count)
            .Select(a => new CostRewardPoint(dataset.Rows.Average(r => r.CostUsd[a]), dataset.Rows.Average(r => r.Score[a])))).Vertices;
        var (low, high) = (hull[0].Cost, hull[^1].Cost);
        return low > 0 && high > low
            ? [.. Enumerable.Range(1, count).Select(i => Round(low * Math.Pow(high / low, i / (count + 1.0))))]
            : [Round(Math.Max(high, dataset.Rows.Average(r => r.CostUsd.Max())))];
    }

    private static double Round(double usd)
    {
        var digit = Math.Pow(10, Math.Floor(Math.Log10(usd)) - 2);
        return Math.Round(usd / digit) * digit;
    }
}
