using MetaLlm.Lab.Replay;

namespace MetaLlm.Lab.Evaluate.Parts;

/// <summary>Whether predictions made at the decision come true, for the arms that were chosen.</summary>
/// <param name="Setting">The run.</param>
/// <param name="Predicted">Mean predicted reward of each tenth of the decisions, by predicted reward, ascending.</param>
/// <param name="Realised">Mean reward of each tenth.</param>
/// <param name="Error">Expected calibration error: mean distance of the two.</param>
/// <param name="CostRatio">Realised cost of all calls over the predicted one.</param>
internal sealed record Calibration(string Setting, double[] Predicted, double[] Realised, double Error, double CostRatio)
{
    private const int Bins = 10;

    /// <summary>Measures a run, all seeds together.</summary>
    public static Calibration Of(ReplayResult result)
    {
        var pairs = result.Outcomes.SelectMany(o => o.PredictedQuality.Zip(o.Rewards)).OrderBy(p => p.First).ToArray();
        var bins = Enumerable.Range(0, Bins)
            .Select(b => pairs[(int)((long)pairs.Length * b / Bins)..(int)((long)pairs.Length * (b + 1) / Bins)])
            .Where(b => b.Length > 0)
            .ToArray();
        double[] predicted = [.. bins.Select(b => b.Average(p => p.First))];
        double[] realised = [.. bins.Select(b => b.Average(p => p.Second))];
        var predictedCost = result.Outcomes.Sum(o => o.PredictedCostUsd.Sum());
        return new Calibration(
            Replay.Reporting.Plots.Name(result.Report),
            predicted,
            realised,
            predicted.Zip(realised, (p, r) => Math.Abs(p - r)).Average(),
            predictedCost > 0 ? result.Outcomes.Sum(o => o.CostUsd.Sum()) / predictedCost : 1);
    }
}
