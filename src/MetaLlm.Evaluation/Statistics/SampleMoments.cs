namespace MetaLlm.Evaluation.Statistics;

/// <summary>Mean and spread of a sample.</summary>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="StandardDeviation">Sample standard deviation (divisor n - 1); 0 for a single value.</param>
internal readonly record struct SampleMoments(double Mean, double StandardDeviation)
{
    /// <summary>Computes both.</summary>
    /// <param name="values">At least one value.</param>
    public static SampleMoments Of(IReadOnlyCollection<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Count);
        var mean = values.Average();
        var squares = values.Sum(v => (v - mean) * (v - mean));
        return new SampleMoments(mean, values.Count == 1 ? 0 : Math.Sqrt(squares / (values.Count - 1)));
    }
}
