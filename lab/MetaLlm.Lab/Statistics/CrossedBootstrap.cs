using MetaLlm.Core.Numerics;
using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Lab.Statistics;

/// <summary>
/// Confidence interval for a mean over queries and seeds. Every seed plays (nearly) the same queries, so values of one query
/// share its difficulty; seeds and queries are therefore resampled independently and each value counts with the product of
/// its seed's and its query's weight (the pigeonhole bootstrap, Owen 2007).
/// </summary>
internal static class CrossedBootstrap
{
    /// <summary>Percentile interval of the mean, 95 %.</summary>
    /// <param name="seeds">Per seed: query numbers (any labels from 0) and the values observed for them, equally long.</param>
    /// <param name="resamples">Number of bootstrap resamples, at least 1.</param>
    /// <param name="randomSeed">Seed of the resampling; equal seeds give equal intervals.</param>
    /// <returns>Lower and upper end.</returns>
    public static (double Lower, double Upper) MeanInterval(
        IReadOnlyList<(int[] Queries, double[] Values)> seeds, int resamples, ulong randomSeed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        var played = seeds.SelectMany(s => s.Queries).Distinct().Order().ToArray();
        if (played.Length == 0)
        {
            throw new ArgumentException("A bootstrap needs at least one value.", nameof(seeds));
        }

        var queryWeights = new double[played[^1] + 1];
        var seedWeights = new double[seeds.Count];
        var means = new List<double>(resamples);
        for (var resample = 0; resample < resamples; resample++)
        {
            var stream = CounterRandom.Bits(randomSeed, (ulong)resample);
            Draw(CounterRandom.Bits(stream, 0), seedWeights, seeds.Count, i => i);
            Draw(CounterRandom.Bits(stream, 1), queryWeights, played.Length, i => played[i]);
            if (WeightedMean(seeds, seedWeights, queryWeights) is { } mean)
            {
                means.Add(mean);
            }
        }

        var ends = Percentile.Of([.. means], 0.025, 0.975);
        return (ends[0], ends[1]);
    }

    private static void Draw(ulong stream, double[] weights, int population, Func<int, int> label)
    {
        Array.Clear(weights);
        for (var i = 0; i < population; i++)
        {
            weights[label((int)(CounterRandom.Uniform(stream, (ulong)i) * population))]++;
        }
    }

    // Null when the drawn seeds and queries never met, which can only happen when seeds play different queries.
    private static double? WeightedMean(IReadOnlyList<(int[] Queries, double[] Values)> seeds, double[] seedWeights, double[] queryWeights)
    {
        double sum = 0, weight = 0;
        for (var s = 0; s < seeds.Count; s++)
        {
            if (seedWeights[s] == 0)
            {
                continue;
            }

            var (queries, values) = seeds[s];
            double seedSum = 0, seedWeight = 0;
            for (var i = 0; i < queries.Length; i++)
            {
                var w = queryWeights[queries[i]];
                seedSum += w * values[i];
                seedWeight += w;
            }

            sum += seedWeights[s] * seedSum;
            weight += seedWeights[s] * seedWeight;
        }

        return weight > 0 ? sum / weight : null;
    }
}
