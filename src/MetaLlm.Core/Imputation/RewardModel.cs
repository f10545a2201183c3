using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Imputation;

/// <summary>
/// Ridge regression of reward - q on z = (1, q - 1/2, tokens, latency), q being the policy's own prediction: without evidence the prediction is q. A and b are sums, so that
/// a corrected reward leaves what it would have left had it come at first (Hoerl and Kennard 1970; weights as in weighted least squares).
/// </summary>
internal sealed class RewardModel
{
    /// <summary>How many signals there are.</summary>
    public const int Dimension = 4;

    // What was learned is halved whenever it has this weight: the last few thousand rewards are what counts.
    private const double LargestWeight = 4000;

    private static readonly double[] Ridge = [1, 4, 10, 10];

    private readonly double[] _sum = new double[Dimension];
    private readonly double[] _products = new double[PackedMatrix.Length(Dimension)];
    private readonly double[] _coefficients = new double[Dimension];

    /// <summary>Sum of the weights of what was learned, halved with it.</summary>
    public double Weight { get; private set; }

    /// <summary>How often what was learned has been halved.</summary>
    public int Epoch { get; private set; }

    /// <summary>What z is multiplied with.</summary>
    public ReadOnlySpan<double> Coefficients => _coefficients;

    /// <summary>The reward to expect, 0 to 1.</summary>
    /// <param name="coefficients">As <see cref="Coefficients"/>.</param>
    /// <param name="quality">The policy's prediction, finite; clamped to [0, 1].</param>
    /// <param name="tokens">ln(output tokens), standardised.</param>
    /// <param name="latency">Seconds, standardised.</param>
    public static double Predict(ReadOnlySpan<double> coefficients, double quality, double tokens, double latency)
    {
        var q = Math.Clamp(quality, 0, 1);
        return Math.Clamp(q + coefficients[0] + (coefficients[1] * (q - 0.5)) + (coefficients[2] * tokens) + (coefficients[3] * latency), 0, 1);
    }

    /// <summary>The reward to expect of a decision, 0 to 1.</summary>
    public double Predict(in AwaitedReward decision) => Predict(_coefficients, decision.Quality, decision.Tokens, decision.Latency);

    /// <summary>Learns a decision's first reward, which stands in <paramref name="decision"/>.</summary>
    public void Learn(ref AwaitedReward decision)
    {
        decision.Epoch = Epoch;
        Add(decision, decision.Weight, decision.Weight * decision.Reward);
        if (Weight > LargestWeight)
        {
            Epoch++;
            Weight /= 2;
            Halve(_products);
            Halve(_sum);
        }

        Solve();
    }

    /// <summary>Replaces a reward that was learned.</summary>
    public void Correct(ref AwaitedReward decision, double reward, double weight)
    {
        var share = Math.ScaleB(1, decision.Epoch - Epoch);
        Add(decision, share * (weight - decision.Weight), share * ((weight * reward) - (decision.Weight * decision.Reward)));
        (decision.Reward, decision.Weight) = (reward, weight);
        Solve();
    }

    public void Write(StateWriter writer)
    {
        writer.Section("reward model");
        writer.Doubles(_sum);
        writer.Doubles(_products);
        writer.Double(Weight);
        writer.Int(Epoch);
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("reward model");
        reader.Doubles(_sum);
        reader.Doubles(_products);
        Weight = reader.Double();
        Epoch = reader.Int();
        Solve();
    }

    private static void Halve(Span<double> numbers)
    {
        foreach (ref var number in numbers)
        {
            number /= 2;
        }
    }

    private void Add(in AwaitedReward decision, double weight, double weightedReward)
    {
        var q = Math.Clamp(decision.Quality, 0, 1);
        Span<double> z = [1, q - 0.5, decision.Tokens, decision.Latency];
        PackedMatrix.AddOuter(_products, z, weight);
        Kernels.MultiplyAdd(z, weightedReward - (weight * q), _sum);
        Weight += weight;
    }

    private void Solve()
    {
        Span<double> factor = stackalloc double[PackedMatrix.Length(Dimension)];
        _products.CopyTo(factor);
        PackedMatrix.AddDiagonal(factor, Ridge);
        PackedMatrix.Cholesky(factor, Dimension);
        _sum.CopyTo(_coefficients, 0);
        PackedMatrix.Solve(factor, _coefficients);
    }
}
