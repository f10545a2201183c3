using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Evaluation.Learning;

/// <summary>A part of the decisions, by what was predicted: what came on average.</summary>
/// <param name="Predicted">Mean prediction.</param>
/// <param name="Seen">Mean of what came.</param>
/// <param name="Low">Lower end of the 95 % interval of that mean.</param>
/// <param name="High">Upper end.</param>
/// <param name="Decisions">Decisions of the part.</param>
public sealed record CalibrationBin(double Predicted, double Seen, double Low, double High, int Decisions)
{
    private const int Most = 10;
    private const int FewestOfBin = 20;

    /// <summary>Cuts decisions into parts of equal size, by rising prediction.</summary>
    /// <param name="pairs">Predictions and what came.</param>
    /// <returns>At most ten parts; none for fewer than 20 decisions.</returns>
    public static IReadOnlyList<CalibrationBin> Of(IEnumerable<(double Predicted, double Seen)> pairs)
    {
        (double Predicted, double Seen)[] sorted = [.. pairs.Where(pair => double.IsFinite(pair.Predicted) && double.IsFinite(pair.Seen)).OrderBy(pair => pair.Predicted)];
        var size = Math.Max(FewestOfBin, (sorted.Length + Most - 1) / Most);
        return [.. sorted.Chunk(size).Where(bin => bin.Length >= FewestOfBin).Select(Bin)];
    }

    private static CalibrationBin Bin((double Predicted, double Seen)[] bin)
    {
        var moments = SampleMoments.Of([.. bin.Select(pair => pair.Seen)]);
        var half = LearningPoints.Normal95 * moments.StandardDeviation / Math.Sqrt(bin.Length);
        return new CalibrationBin(bin.Average(pair => pair.Predicted), moments.Mean, moments.Mean - half, moments.Mean + half, bin.Length);
    }
}
