using MetaLlm.Core.Cascades;
using MetaLlm.Core.Numerics;
using MetaLlm.Lab.Replay.Streams;

namespace MetaLlm.Lab.Replay.Cascades;

/// <summary>
/// Mean log-probabilities that tell right answers from wrong ones with a stated quality: normal numbers of equal variance, whose means differ by sqrt(2) times the normal quantile of the AUC.
/// </summary>
internal sealed class SimulatedConfidence
{
    // Where log-probabilities lie: about -1.25, and a quarter around it.
    private const double Centre = 5;
    private const double Scale = 4;

    private readonly double? _distance;

    /// <param name="auc">0.5 to below 1; null for confidence that is always the same.</param>
    public SimulatedConfidence(double? auc) => _distance = auc is { } stated ? Math.Sqrt(2) * Quantile(stated) : null;

    /// <summary>What the answer of an arm to a row shows; equal seeds give equal answers.</summary>
    public AnswerSignals Of(int seed, int row, int arm, double score)
    {
        if (_distance is not { } distance)
        {
            return new AnswerSignals { MeanLogProbability = -Centre / Scale };
        }

        var stream = RandomStreams.Confidence(seed);
        var counter = (ulong)(((long)row << 10) + (2 * arm));
        var normal = Math.Sqrt(-2 * Math.Log(1 - CounterRandom.Uniform(stream, counter))) * Math.Cos(2 * Math.PI * CounterRandom.Uniform(stream, counter + 1));
        return new AnswerSignals { MeanLogProbability = Math.Min(0, ((distance * score) + normal - Centre) / Scale) };
    }

    // By halving: the distribution by its integral, which is exact enough to any digit that is printed.
    private static double Quantile(double probability)
    {
        var (low, high) = (0.0, 8.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Below(middle) < probability ? (middle, high) : (low, middle);
        }

        return high;
    }

    // Simpson's rule from 0, where half is below.
    private static double Below(double x)
    {
        const int Steps = 400;
        var width = x / Steps;
        double Density(int i) => Math.Exp(-0.5 * i * i * width * width) / Math.Sqrt(2 * Math.PI);
        var sum = Density(0) + Density(Steps);
        for (var i = 1; i < Steps; i++)
        {
            sum += (i % 2 == 0 ? 2 : 4) * Density(i);
        }

        return 0.5 + (sum * width / 3);
    }
}
