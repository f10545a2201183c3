using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.LlmBandit;

/// <summary>
/// Maps a query to its difficulty z = (1, W x), the other half of the item-response model P(correct) = sigma(I_k'z). A quiz (rows with
/// every arm's outcome) fits W; without one it starts at random and learns slowly.
/// </summary>
internal sealed class DifficultyMap
{
    private const ulong Seed = 0x6c6c6d62;
    private const double RidgeOfQuiz = 10;
    private const double SmallestVariance = 1e-8;

    private readonly int _rank;
    private readonly int _dimension;
    private readonly double[] _map;
    private readonly double[] _difficulty;

    public DifficultyMap(int dimension, int rank)
    {
        _rank = rank;
        _dimension = dimension;
        _map = new double[rank * dimension];
        _difficulty = new double[rank + 1];
        var scale = Math.Sqrt(3.0 / dimension);
        for (var i = 0; i < _map.Length; i++)
        {
            _map[i] = scale * ((2 * CounterRandom.Uniform(Seed, (ulong)i)) - 1);
        }
    }

    /// <summary>Whether a quiz has fixed the map.</summary>
    public bool Fitted { get; private set; }

    /// <summary>z; valid until the next call.</summary>
    public ReadOnlySpan<double> Of(ReadOnlySpan<double> x)
    {
        _difficulty[0] = 1;
        for (var j = 0; j < _rank; j++)
        {
            _difficulty[j + 1] = Kernels.Dot(Row(j), x);
        }

        return _difficulty;
    }

    /// <summary>A gradient step on the map, unless a quiz has fixed it.</summary>
    /// <param name="x">The context.</param>
    /// <param name="identity">I_k of the arm that served.</param>
    /// <param name="error">Reward less prediction, times the step.</param>
    public void Learn(ReadOnlySpan<double> x, ReadOnlySpan<double> identity, double error)
    {
        if (Fitted)
        {
            return;
        }

        var step = error / Kernels.Dot(x, x);
        for (var j = 0; j < _rank; j++)
        {
            Kernels.MultiplyAdd(x, step * identity[j + 1], Row(j));
        }
    }

    /// <summary>
    /// Reduced-rank regression: the directions in which arms' fitted rewards vary most over the rows, each scaled to variance 1. Directions
    /// beyond the number of arms, or without variance, stay 0.
    /// </summary>
    public void Fit(IReadOnlyList<WarmStartRow> rows, double[][] contexts)
    {
        Fitted = true;
        Array.Clear(_map);
        var arms = rows[0].Rewards.Length;
        var regression = new RidgeRegression(contexts, RidgeOfQuiz);
        var thetas = Enumerable.Range(0, arms).Select(a =>
        {
            var mean = rows.Average(r => r.Rewards[a]);
            return regression.Fit([.. rows.Select(r => r.Rewards[a] - mean)]);
        }).ToArray();
        var (values, vectors) = SymmetricEigen.Jacobi(Covariance(contexts, thetas));
        var order = Enumerable.Range(0, arms).OrderByDescending(i => values[i]).ToArray();
        for (var j = 0; j < Math.Min(_rank, arms) && values[order[j]] > SmallestVariance; j++)
        {
            for (var a = 0; a < arms; a++)
            {
                Kernels.MultiplyAdd(thetas[a], vectors[a, order[j]] / Math.Sqrt(values[order[j]]), Row(j));
            }
        }
    }

    public void Write(StateWriter writer)
    {
        writer.Bool(Fitted);
        writer.Doubles(_map);
    }

    public void Read(ref StateReader reader)
    {
        Fitted = reader.Bool();
        reader.Doubles(_map.AsSpan());
    }

    private static double[,] Covariance(double[][] contexts, double[][] thetas)
    {
        var covariance = new double[thetas.Length, thetas.Length];
        var fitted = new double[thetas.Length];
        foreach (var x in contexts)
        {
            for (var a = 0; a < fitted.Length; a++)
            {
                fitted[a] = Kernels.Dot(thetas[a], x);
            }

            for (var a = 0; a < fitted.Length; a++)
            {
                for (var b = 0; b < fitted.Length; b++)
                {
                    covariance[a, b] += fitted[a] * fitted[b] / contexts.Length;
                }
            }
        }

        return covariance;
    }

    private Span<double> Row(int j) => _map.AsSpan(j * _dimension, _dimension);
}
