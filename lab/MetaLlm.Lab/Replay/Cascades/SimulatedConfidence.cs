using MetaLlm.Core.Cascades;
using MetaLlm.Core.Numerics;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Simulator.Models;

namespace MetaLlm.Lab.Replay.Cascades;

/// <summary>Mean log-probabilities that tell right answers from wrong ones with a stated quality (<see cref="NormalConfidence"/>).</summary>
internal sealed class SimulatedConfidence
{
    private readonly double? _distance;

    /// <param name="auc">0.5 to below 1; null for confidence that is always the same.</param>
    public SimulatedConfidence(double? auc) => _distance = auc is { } stated ? NormalConfidence.Distance(stated) : null;

    /// <summary>What the answer of an arm to a row shows; equal seeds give equal answers.</summary>
    public AnswerSignals Of(int seed, int row, int arm, double score)
    {
        if (_distance is not { } distance)
        {
            return new AnswerSignals { MeanLogProbability = NormalConfidence.Constant };
        }

        var stream = RandomStreams.Confidence(seed);
        var counter = (ulong)(((long)row << 10) + (2 * arm));
        return new AnswerSignals
        {
            MeanLogProbability = NormalConfidence.MeanLogProbability(distance, score, CounterRandom.Uniform(stream, counter), CounterRandom.Uniform(stream, counter + 1)),
        };
    }
}
