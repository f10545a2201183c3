using System.Numerics.Tensors;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>
/// Fits one linear predictor per arm to rows in which every arm's reward is known, guarding against the winner's curse: among many
/// arms the luckiest looks best. The arms' rewards are turned to the eigenvectors of their covariance (query difficulty first, then what
/// tells arms apart); along each, cross-fitted predictions of several ridge regressions get the non-negative least-squares weights
/// that they earn on rows they have not seen, so that directions which cannot be predicted shrink to their mean (Breiman 1996, stacked
/// regressions; Breiman and Friedman 1997, canonical coordinates), less what chance alone would have earned them (James and Stein 1961). Every base is linear in x, so the stack folds back into one theta per arm.
/// </summary>
internal sealed class CanonicalStack
{
    private const int Folds = 3;
    private const double LargestWeightSum = 1.05;
    private const int Sweeps = 300;

    private readonly double[][] _rows;
    private readonly double[][] _rewards;
    private readonly double[] _means;
    private readonly StackBase[] _bases;

    private CanonicalStack(double[][] rows, double[][] rewards, StackBase[] bases)
    {
        _rows = rows;
        _rewards = rewards;
        _bases = bases;
        _means = new double[rewards[0].Length];
        foreach (var reward in rewards)
        {
            Kernels.MultiplyAdd(reward, 1.0 / rewards.Length, _means);
        }
    }

    /// <summary>Fits.</summary>
    /// <param name="rows">X, one array a row; entry 0 is the bias.</param>
    /// <param name="rewards">Per row, one reward an arm.</param>
    /// <param name="bases">The regressions to stack.</param>
    public static StackFit Fit(double[][] rows, double[][] rewards, IReadOnlyList<StackBase> bases) =>
        new CanonicalStack(rows, rewards, [.. bases]).Fit();

    private StackFit Fit()
    {
        var arms = _means.Length;
        var crossFitted = CrossFit();
        var full = Array.ConvertAll(_bases, b => b.Fit(_rows, Centred()));
        var directions = Directions();
        var dimension = _rows[0].Length;
        var thetas = new double[arms][];
        for (var a = 0; a < arms; a++)
        {
            thetas[a] = new double[dimension];
            thetas[a][0] = _means[a];
        }

        var heldOut = Array.ConvertAll(_rows, _ => (double[])_means.Clone());
        for (var j = 0; j < arms; j++)
        {
            var direction = directions[j];
            var weights = Weights(direction, crossFitted);
            for (var b = 0; b < _bases.Length; b++)
            {
                Fold(direction, weights[b], full[b], thetas);
                for (var i = 0; i < _rows.Length; i++)
                {
                    var along = weights[b] * Kernels.Dot(direction, crossFitted[b][i]);
                    Kernels.MultiplyAdd(direction, along, heldOut[i]);
                }
            }
        }

        return new StackFit(thetas, heldOut);
    }

    private double[][] Centred() => Array.ConvertAll(_rewards, r =>
    {
        var centred = new double[r.Length];
        TensorPrimitives.Subtract(r, _means, centred);
        return centred;
    });

    // Per base and row, the predictions of a fit that has not seen the row.
    private double[][][] CrossFit()
    {
        var centred = Centred();
        var result = Array.ConvertAll(_bases, _ => new double[_rows.Length][]);
        for (var fold = 0; fold < Folds; fold++)
        {
            var kept = Enumerable.Range(0, _rows.Length).Where(i => i % Folds != fold).ToArray();
            var rows = Array.ConvertAll(kept, i => _rows[i]);
            var rewards = Array.ConvertAll(kept, i => centred[i]);
            for (var b = 0; b < _bases.Length; b++)
            {
                var thetas = _bases[b].Fit(rows, rewards);
                for (var i = fold; i < _rows.Length; i += Folds)
                {
                    result[b][i] = Array.ConvertAll(thetas, t => Kernels.Dot(t, _rows[i]));
                }
            }
        }

        return result;
    }

    private double[][] Directions()
    {
        var arms = _means.Length;
        var covariance = new double[arms, arms];
        foreach (var row in Centred())
        {
            for (var a = 0; a < arms; a++)
            {
                for (var b = 0; b < arms; b++)
                {
                    covariance[a, b] += row[a] * row[b] / _rows.Length;
                }
            }
        }

        var (_, vectors) = SymmetricEigen.Jacobi(covariance);
        var directions = new double[arms][];
        for (var j = 0; j < arms; j++)
        {
            directions[j] = new double[arms];
            for (var a = 0; a < arms; a++)
            {
                directions[j][a] = vectors[a, j];
            }
        }

        return directions;
    }

    // Coordinate descent on the non-negative least-squares problem; a sum above the limit is scaled back.
    private double[] Weights(double[] direction, double[][][] crossFitted)
    {
        var bases = _bases.Length;
        var gram = new double[bases, bases];
        var target = new double[bases];
        var z = new double[bases];
        var squares = 0.0;
        for (var i = 0; i < _rows.Length; i++)
        {
            var y = Kernels.Dot(direction, _rewards[i]) - Kernels.Dot(direction, _means);
            for (var b = 0; b < bases; b++)
            {
                z[b] = Kernels.Dot(direction, crossFitted[b][i]);
            }

            squares += y * y;
            for (var b = 0; b < bases; b++)
            {
                target[b] += z[b] * y;
                for (var c = 0; c < bases; c++)
                {
                    gram[b, c] += z[b] * z[c];
                }
            }
        }

        var weights = new double[bases];
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var b = 0; b < bases; b++)
            {
                var rest = target[b];
                for (var c = 0; c < bases; c++)
                {
                    rest -= c == b ? 0 : gram[b, c] * weights[c];
                }

                weights[b] = Math.Max(0, rest / (gram[b, b] + 1e-9));
            }
        }

        var factor = Shrinkage(weights, gram, squares / _rows.Length) * Math.Min(1, LargestWeightSum / Math.Max(1e-9, weights.Sum()));
        return Array.ConvertAll(weights, w => w * factor);
    }

    // Positive-part James-Stein: where the weighted prediction stands out from noise by little, the fitted weights are too large on
    // average, and with many arms what is too large gets chosen. t^2 is the prediction's own F statistic, noise taken as all of y.
    private double Shrinkage(double[] weights, double[,] gram, double variance)
    {
        var explained = 0.0;
        for (var b = 0; b < weights.Length; b++)
        {
            for (var c = 0; c < weights.Length; c++)
            {
                explained += weights[b] * weights[c] * gram[b, c];
            }
        }

        return explained > 0 ? Math.Max(0, 1 - (Math.Max(0, _bases.Length - 2) * variance / explained)) : 0;
    }

    // theta_a += weight * v_a * sum_c v_c theta_c: the base's prediction along the direction, handed back to the arms.
    private static void Fold(double[] direction, double weight, double[][] baseThetas, double[][] thetas)
    {
        if (weight == 0)
        {
            return;
        }

        var along = new double[baseThetas[0].Length];
        for (var c = 0; c < direction.Length; c++)
        {
            Kernels.MultiplyAdd(baseThetas[c], direction[c], along);
        }

        for (var a = 0; a < direction.Length; a++)
        {
            Kernels.MultiplyAdd(along, weight * direction[a], thetas[a]);
        }
    }
}
