namespace MetaLlm.Evaluation.Statistics;

/// <summary>Sample percentiles.</summary>
internal static class Percentile
{
    /// <summary>Estimates percentiles by linear interpolation between order statistics (Hyndman and Fan 1996, type 7).</summary>
    /// <param name="values">The sample, in any order; finite. It is sorted in place.</param>
    /// <param name="ranks">Ranks asked for, each 0 to 1.</param>
    /// <returns>One estimate per rank; zeros for an empty sample.</returns>
    public static double[] Of(double[] values, params ReadOnlySpan<double> ranks)
    {
        Array.Sort(values);
        var result = new double[ranks.Length];
        for (var i = 0; i < ranks.Length; i++)
        {
            if (!(ranks[i] >= 0 && ranks[i] <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(ranks), ranks[i], "A percentile's rank lies between 0 and 1.");
            }

            if (values.Length > 0)
            {
                var position = ranks[i] * (values.Length - 1);
                var below = (int)position;
                var above = Math.Min(below + 1, values.Length - 1);
                result[i] = values[below] + ((position - below) * (values[above] - values[below]));
            }
        }

        return result;
    }
}
