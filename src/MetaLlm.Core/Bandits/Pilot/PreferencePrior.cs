using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Pilot;

/// <summary>
/// A prior from preferences: of two arms' answers to one query the one of the higher reward is preferred. Arm vectors minimise the binary
/// cross-entropy of P(a before b) = sigma(psi'(v_a - v_b)) by plain gradient steps, few enough to shrink what the rows do not show. Preferences
/// have no scale, so one affine map for all arms turns psi'v into a reward by least squares.
/// </summary>
internal static class PreferencePrior
{
    private const int Steps = 150;
    private const int LargestSample = 4000;

    /// <summary>Prior mean of every arm.</summary>
    /// <param name="queries">psi of each query, unit length, entry 0 constant.</param>
    /// <param name="rewards">Per query, one reward an arm.</param>
    public static double[][] Fit(double[][] queries, double[][] rewards)
    {
        var step = ((queries.Length - 1) / LargestSample) + 1;
        var sample = Enumerable.Range(0, ((queries.Length - 1) / step) + 1).Select(i => i * step).ToArray();
        var vectors = Vectors(sample, queries, rewards);
        var (offset, slope) = Calibrate(sample, queries, rewards, vectors);
        foreach (var v in vectors)
        {
            for (var j = 0; j < v.Length; j++)
            {
                v[j] *= slope;
            }

            v[0] += offset / queries[0][0];
        }

        return vectors;
    }

    private static double[][] Vectors(int[] sample, double[][] queries, double[][] rewards)
    {
        var arms = rewards[0].Length;
        var dimension = queries[0].Length;
        var vectors = new double[arms][];
        var gradient = new double[arms][];
        for (var a = 0; a < arms; a++)
        {
            vectors[a] = new double[dimension];
            gradient[a] = new double[dimension];
        }

        // The curvature of one query is at most (arms / 4) psi psi', and |psi| = 1.
        var rate = 4.0 / (sample.Length * (double)arms);
        var value = new double[arms];
        for (var s = 0; s < Steps; s++)
        {
            Array.ForEach(gradient, g => Array.Clear(g));
            foreach (var i in sample)
            {
                for (var a = 0; a < arms; a++)
                {
                    value[a] = Kernels.Dot(vectors[a], queries[i]);
                }

                for (var a = 0; a < arms; a++)
                {
                    Kernels.MultiplyAdd(queries[i], Pull(a, value, rewards[i]), gradient[a]);
                }
            }

            for (var a = 0; a < arms; a++)
            {
                Kernels.MultiplyAdd(gradient[a], rate, vectors[a]);
            }
        }

        return vectors;
    }

    // Sum over rivals of (preferred - predicted); equal rewards say nothing.
    private static double Pull(int arm, double[] value, double[] rewards)
    {
        var pull = 0.0;
        for (var b = 0; b < value.Length; b++)
        {
            if (rewards[arm] != rewards[b])
            {
                pull += (rewards[arm] > rewards[b] ? 1 : 0) - (1 / (1 + Math.Exp(value[b] - value[arm])));
            }
        }

        return pull;
    }

    private static (double Offset, double Slope) Calibrate(int[] sample, double[][] queries, double[][] rewards, double[][] vectors)
    {
        var (n, u, r, uu, ur) = (0.0, 0.0, 0.0, 0.0, 0.0);
        foreach (var i in sample)
        {
            for (var a = 0; a < vectors.Length; a++)
            {
                var value = Kernels.Dot(vectors[a], queries[i]);
                n++;
                u += value;
                r += rewards[i][a];
                uu += value * value;
                ur += value * rewards[i][a];
            }
        }

        var variance = uu - (u * u / n);
        var slope = variance > 1e-12 ? Math.Max(0, (ur - (u * r / n)) / variance) : 0;
        return ((r - (slope * u)) / n, slope);
    }
}
