using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Cascades;

/// <summary>
/// Turns a predicted quality and what an answer shows into a calibrated probability of being right: logit p = logit(predicted) + (w + w_g)' s, with weights w that all groups share and w_g of
/// the group, both shrunk to zero. Without an outcome p is the prediction.
/// </summary>
/// <param name="signalVariance">Prior variance of the weights of signals that all groups share; large where slopes may be steep.</param>
internal sealed class CalibratedQuality(double signalVariance)
{
    /// <summary>Most groups with weights of their own; others use what all share.</summary>
    public const int MostGroups = 64;

    private const double LeastProbability = 0.005;

    // Prior variances. Groups differ less than what all share.
    private const double SharedConstant = 0.5;
    private const double GroupConstant = 0.1;
    private const double GroupSignal = 0.5;

    private readonly LogisticWeights _shared = new(SharedConstant, signalVariance);
    private SortedDictionary<string, LogisticWeights> _groups = new(StringComparer.Ordinal);

    /// <summary>The probability of being right.</summary>
    public double Probability(string group, double predicted, ReadOnlySpan<double> signals) => Logistic(Logit(predicted) + Evidence(group, signals));

    /// <summary>The same where the weights are a standard deviation better than they are thought to be.</summary>
    public double Hoped(string group, double predicted, ReadOnlySpan<double> signals)
    {
        var variance = _shared.Variance(signals) + (_groups.TryGetValue(group, out var own) ? own.Variance(signals) : 0);
        return Logistic(Logit(predicted) + Evidence(group, signals) + Math.Sqrt(variance));
    }

    /// <summary>What signals add to the logit.</summary>
    public double Evidence(string group, ReadOnlySpan<double> signals) => _shared.Dot(signals) + (_groups.TryGetValue(group, out var own) ? own.Dot(signals) : 0);

    /// <summary>Learns from an outcome, 0 to 1.</summary>
    public void Observe(string group, double predicted, ReadOnlySpan<double> signals, double outcome)
    {
        if (!_groups.TryGetValue(group, out var own) && _groups.Count < MostGroups)
        {
            own = _groups[group] = new LogisticWeights(GroupConstant, GroupSignal);
        }

        _shared.Observe(signals, Probability(group, predicted, signals), outcome);
        own?.Observe(signals, Probability(group, predicted, signals), outcome);
    }

    /// <summary>Groups have other names from now on; a group without one is forgotten.</summary>
    public void Follow(Func<string, string?> nameNow) => _groups = Cascade.Follow(_groups, nameNow);

    public void Write(StateWriter writer)
    {
        _shared.Write(writer);
        writer.Int(_groups.Count);
        foreach (var (group, own) in _groups)
        {
            writer.Text(group);
            own.Write(writer);
        }
    }

    public void Read(ref StateReader reader)
    {
        _shared.Read(ref reader);
        var count = reader.Int();
        if (count is < 0 or > MostGroups)
        {
            throw new InvalidDataException($"Learned state is damaged: {count} groups of answers, where at most {MostGroups} can be.");
        }

        for (var i = 0; i < count; i++)
        {
            var own = new LogisticWeights(GroupConstant, GroupSignal);
            var group = reader.Text();
            own.Read(ref reader);
            _groups.Add(group, own);
        }
    }

    private static double Logistic(double logit) => 1 / (1 + Math.Exp(-logit));

    private static double Logit(double probability)
    {
        var within = Math.Clamp(probability, LeastProbability, 1 - LeastProbability);
        return Math.Log(within / (1 - within));
    }
}
