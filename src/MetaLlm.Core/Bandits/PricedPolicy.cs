using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits;

/// <summary>
/// Policies that have a model of quality of their own and the ordinary linear shadow price and time: score = quality weight *
/// (q + alpha * deviation) - lambda * cost - latency weight * seconds. A warm start also gives the price that a budget starts at.
/// </summary>
internal abstract class PricedPolicy(PolicySetup setup) : ModelledPolicy(setup)
{
    private const int DualSample = 1000;

    private DualCurve? _dual;

    public sealed override double? SuggestLambda(double usdPerRequest) => _dual?.PriceAt(usdPerRequest);

    /// <summary>Bonus of optimism in deviations.</summary>
    protected virtual double Alpha => 0;

    /// <summary>Predicted reward and the deviation of that prediction, for every arm.</summary>
    protected abstract void Predict(ReadOnlySpan<double> x, Span<double> quality, Span<double> deviation);

    /// <summary>Turns scores into probabilities; the best arm is in <see cref="DecisionScores.Greedy"/>.</summary>
    protected virtual void Spread(in DecisionQuery query, DecisionScores scores) => Choice.Certain(scores.Greedy, scores);

    /// <summary>Fits the model of quality to rows in which every arm's reward is known.</summary>
    /// <param name="rows">The rows, at least one.</param>
    /// <param name="contexts">Their contexts in double precision.</param>
    protected abstract void Fit(IReadOnlyList<WarmStartRow> rows, double[][] contexts);

    protected override void Choose(in DecisionQuery query, ReadOnlySpan<double> x, DecisionScores scores)
    {
        Predict(x, scores.Quality, scores.QualityDeviation);
        Choice.Score(query, scores, Arms.Length);
        if (Alpha > 0)
        {
            for (var a = 0; a < Arms.Length; a++)
            {
                scores.Score[a] += Alpha * query.QualityWeight * scores.QualityDeviation[a];
            }

            scores.Greedy = Choice.Best(query.Feasible, scores.Score, scores.CostUsd, Arms.Length);
        }

        Spread(query, scores);
    }

    protected sealed override void OnWarmStart(IReadOnlyList<WarmStartRow> rows)
    {
        var contexts = rows.Select(r => r.WideContext()).ToArray();
        Fit(rows, contexts);
        var step = ((rows.Count - 1) / DualSample) + 1;
        var sample = new List<(double[] Quality, double[] Cost)>();
        for (var i = 0; i < rows.Count; i += step)
        {
            var quality = new double[Arms.Length];
            Predict(contexts[i], quality, new double[Arms.Length]);
            sample.Add((quality, [.. Enumerable.Range(0, Arms.Length).Select(a => PredictCost(a, contexts[i], rows[i].InputTokens))]));
        }

        _dual = DualCurve.Fit(sample);
    }

    /// <summary>Writes the model of quality.</summary>
    protected abstract void WriteQuality(StateWriter writer);

    /// <summary>Reads what <see cref="WriteQuality"/> wrote.</summary>
    protected abstract void ReadQuality(ref StateReader reader);

    protected sealed override void WriteModel(StateWriter writer)
    {
        writer.Section("priced");
        writer.Doubles(_dual?.Table ?? []);
        WriteQuality(writer);
    }

    protected sealed override void ReadModel(ref StateReader reader)
    {
        reader.Expect("priced");
        _dual = DualCurve.FromTable(reader.Doubles());
        ReadQuality(ref reader);
    }
}
