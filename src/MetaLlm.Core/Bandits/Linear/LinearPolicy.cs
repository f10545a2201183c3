using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Linear;

/// <summary>Policies whose score is linear in the context: reward and cost are regressed apart, so that their price may change at any time.</summary>
internal abstract class LinearPolicy : ModelledPolicy
{
    private readonly double _gamma;
    private readonly double _ridge;
    private readonly double[] _scratch;
    private LinearArm[] _linear = [];
    private DualCurve? _dual;

    protected LinearPolicy(PolicySetup setup)
        : base(setup)
    {
        _gamma = Option("gamma");
        _ridge = Option("ridge");
        _scratch = new double[setup.Dimension];
    }

    protected static PolicyOption Gamma { get; } =
        new("gamma", 1, 0.9, 1, "Forgetting: what an arm learned counts this much after one more reward of it.");

    protected static PolicyOption Ridge { get; } =
        new("ridge", 1, 1e-6, 1e6, "Ridge: A starts as this multiple of the identity.");

    public override double? SuggestLambda(double usdPerRequest) => _dual?.PriceAt(usdPerRequest);

    /// <summary>Bonus in units of sqrt(x' A^-1 x).</summary>
    protected abstract double Alpha { get; }

    /// <summary>Turns scores into probabilities.</summary>
    protected abstract void Spread(in DecisionQuery query, DecisionScores scores);

    protected override void Choose(in DecisionQuery query, ReadOnlySpan<double> x, DecisionScores scores)
    {
        for (var a = 0; a < Arms.Length; a++)
        {
            var arm = _linear[a];
            scores.Quality[a] = arm.Reward(x);
            scores.QualityDeviation[a] = Math.Sqrt(arm.Variance(x));
            scores.Score[a] = query.Feasible[a]
                ? (query.QualityWeight * scores.Quality[a]) - (query.Lambda * arm.Cost(x))
                    - (query.LatencyWeight * scores.LatencySeconds[a]) + (Alpha * scores.QualityDeviation[a])
                : double.NegativeInfinity;
        }

        scores.Greedy = Choice.Best(query.Feasible, scores.Score, scores.CostUsd, Arms.Length);
        Spread(query, scores);
    }

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        var arm = _linear[observation.Arm];
        if (double.IsNaN(observation.PreviousReward))
        {
            arm.Observe(x, observation.Reward, observation.CostUsd, _gamma, _scratch);
        }
        else
        {
            arm.Correct(x, observation.Reward - observation.PreviousReward);
        }
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        var linear = new LinearArm[previous.Length];
        for (var a = 0; a < linear.Length; a++)
        {
            linear[a] = previous[a] >= 0 ? _linear[previous[a]] : new LinearArm(Setup.Dimension, _ridge);
        }

        _linear = linear;
    }

    protected override void OnWarmStart(IReadOnlyList<WarmStartRow> rows)
    {
        var contexts = rows.Select(r => r.WideContext()).ToArray();
        for (var i = 0; i < rows.Count; i++)
        {
            for (var a = 0; a < Arms.Length; a++)
            {
                _linear[a].Observe(contexts[i], rows[i].Rewards[a], rows[i].CostUsd[a], _gamma, _scratch);
            }
        }

        _dual = DualCurve.Fit([.. contexts.Select(x => (
            Array.ConvertAll(_linear, arm => arm.Reward(x)),
            Array.ConvertAll(_linear, arm => arm.Cost(x))))]);
    }

    protected override void WriteModel(StateWriter writer)
    {
        writer.Section("linear");
        foreach (var arm in _linear)
        {
            arm.Write(writer);
        }

        writer.Doubles(_dual?.Table ?? []);
    }

    protected override void ReadModel(ref StateReader reader)
    {
        reader.Expect("linear");
        foreach (var arm in _linear)
        {
            arm.Read(ref reader);
        }

        _dual = DualCurve.FromTable(reader.Doubles());
    }
}
