using System.Numerics.Tensors;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>
/// Fits one linear predictor per arm to rows in which every arm's reward is known, guarding against the winner's curse: among many
/// arms the luckiest looks best. The arms' rewards are turned to the eigenvectors of their covariance (query difficulty first, then what
/// tells arms apart; Breiman and Friedman 1997, canonical coordinates). Along each, two estimators are averaged that distrust the rows in different
/// ways: a regression whose penalties maximise the evidence, and a stack (Breiman 1996) that gives that regression and simpler ones the non-negative
/// least-squares weights that they earn on rows they have not seen, less what chance alone would have earned them (James and Stein 1961).
/// Everything is linear in x, so the result folds back into one theta per arm.
/// </summary>
internal sealed class CanonicalStack
{
    private const int Folds = 3;
    private const double LargestWeightSum = 1.05;
    private const int Sweeps = 300;
    private const double EvidenceShare = 0.5;

    private readonly double[][] _rows;
    private readonly double[] _means;
    private readonly double[][] _directions;

    // Per row, the centred rewards along the directions.
    private readonly double[][] _targets;
    private readonly StackBase[] _bases;
    private readonly IReadOnlyList<int[]> _groups;

    private CanonicalStack(double[][] rows, double[][] rewards, StackBase[] bases, IReadOnlyList<int[]> groups)
    {
        _rows = rows;
        _bases = bases;
        _groups = groups;
        _means = new double[rewards[0].Length];
        foreach (var reward in rewards)
        {
            Kernels.MultiplyAdd(reward, 1.0 / rewards.Length, _means);
        }

        var centred = Array.ConvertAll(rewards, r =>
        {
            var difference = new double[r.Length];
            TensorPrimitives.Subtract(r, _means, difference);
            return difference;
        });
        _directions = Directions(centred);
        _targets = Array.ConvertAll(centred, c => Array.ConvertAll(_directions, v => Kernels.Dot(v, c)));
    }

    // The regression that finds its penalties itself is the last member.
    private int Members => _bases.Length + 1;

    /// <summary>Fits.</summary>
    /// <param name="rows">X, one array a row; entry 0 is the bias.</param>
    /// <param name="rewards">Per row, one reward an arm.</param>
    /// <param name="bases">Regressions to stack with the one that finds its penalties itself.</param>
    /// <param name="groups">Blocks of the context, without the bias, each with a penalty of its own in that one.</param>
    public static StackFit Fit(double[][] rows, double[][] rewards, IReadOnlyList<StackBase> bases, IReadOnlyList<int[]> groups) =>
        new CanonicalStack(rows, rewards, [.. bases], groups).Fit();

    private StackFit Fit()
    {
        var crossFitted = CrossFit();
        var (evidence, withoutRow) = FitEvidence(_rows, _targets);
        double[][][] full = [.. _bases.Select(b => b.Fit(_rows, _targets)), evidence];
        var thetas = Array.ConvertAll(_means, mean =>
        {
            var theta = new double[_rows[0].Length];
            theta[0] = mean;
            return theta;
        });
        var heldOut = Array.ConvertAll(_rows, _ => (double[])_means.Clone());
        for (var j = 0; j < _directions.Length; j++)
        {
            var weights = Array.ConvertAll(Weights(j, crossFitted), w => (1 - EvidenceShare) * w);
            var along = new double[_rows[0].Length];
            Kernels.MultiplyAdd(evidence[j], EvidenceShare, along);
            for (var b = 0; b < Members; b++)
            {
                Kernels.MultiplyAdd(full[b][j], weights[b], along);
            }

            for (var a = 0; a < _means.Length; a++)
            {
                Kernels.MultiplyAdd(along, _directions[j][a], thetas[a]);
            }

            for (var i = 0; i < _rows.Length; i++)
            {
                var prediction = EvidenceShare * withoutRow[i][j];
                for (var b = 0; b < Members; b++)
                {
                    prediction += weights[b] * crossFitted[b][i][j];
                }

                Kernels.MultiplyAdd(_directions[j], prediction, heldOut[i]);
            }
        }

        return new StackFit(thetas, heldOut);
    }

    // Per member, row and direction, the prediction of a fit that has not seen the row. Too few rows to set some aside predict the mean.
    private double[][][] CrossFit()
    {
        var result = Enumerable.Range(0, Members).Select(_ => Array.ConvertAll(_targets, t => new double[t.Length])).ToArray();
        for (var fold = 0; fold < Folds && _rows.Length >= 2 * Folds; fold++)
        {
            var kept = Enumerable.Range(0, _rows.Length).Where(i => i % Folds != fold).ToArray();
            var rows = Array.ConvertAll(kept, i => _rows[i]);
            var targets = Array.ConvertAll(kept, i => _targets[i]);
            for (var b = 0; b < Members; b++)
            {
                var thetas = b < _bases.Length ? _bases[b].Fit(rows, targets) : FitEvidence(rows, targets).Thetas;
                for (var i = fold; i < _rows.Length; i += Folds)
                {
                    result[b][i] = Array.ConvertAll(thetas, t => Kernels.Dot(t, _rows[i]));
                }
            }
        }

        return result;
    }

    // Per target its coefficients; per row and target, the prediction without the row.
    private (double[][] Thetas, double[][] WithoutRow) FitEvidence(double[][] rows, double[][] targets)
    {
        var regression = new EvidenceRegression(rows, _groups);
        var thetas = new double[_directions.Length][];
        var withoutRow = Array.ConvertAll(rows, _ => new double[thetas.Length]);
        var without = new double[rows.Length];
        for (var j = 0; j < thetas.Length; j++)
        {
            thetas[j] = regression.Fit(Array.ConvertAll(targets, t => t[j]), without);
            for (var i = 0; i < without.Length; i++)
            {
                withoutRow[i][j] = without[i];
            }
        }

        return (thetas, withoutRow);
    }

    private static double[][] Directions(double[][] centred)
    {
        var arms = centred[0].Length;
        var covariance = new double[arms, arms];
        foreach (var row in centred)
        {
            for (var a = 0; a < arms; a++)
            {
                for (var b = 0; b < arms; b++)
                {
                    covariance[a, b] += row[a] * row[b] / centred.Length;
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
    private double[] Weights(int direction, double[][][] crossFitted)
    {
        var gram = new double[Members, Members];
        var target = new double[Members];
        var squares = 0.0;
        for (var i = 0; i < _rows.Length; i++)
        {
            var y = _targets[i][direction];
            squares += y * y;
            for (var b = 0; b < Members; b++)
            {
                var z = crossFitted[b][i][direction];
                target[b] += z * y;
                for (var c = 0; c < Members; c++)
                {
                    gram[b, c] += z * crossFitted[c][i][direction];
                }
            }
        }

        var weights = new double[Members];
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var b = 0; b < Members; b++)
            {
                var rest = target[b];
                for (var c = 0; c < Members; c++)
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
    // average, and with many arms what is too large gets chosen. The noise is taken as all of y.
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

        return explained > 0 ? Math.Max(0, 1 - (Math.Max(0, Members - 2) * variance / explained)) : 0;
    }
}
