using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.PickLlm;

/// <summary>
/// PickLLM's learning automaton (arXiv 2412.12170), linear reward-inaction: a reward R of arm i moves probability to it,
/// P_i += eta R (1 - P_i), P_j -= eta R P_j. What a budget or the caller asks beyond the configured price tilts the automaton at
/// decision time, p_a proportional to P_a exp(-(lambda c_a + mu l_a) / temperature); the state itself stays the paper's.
/// </summary>
internal sealed class PickLlmLriPolicy(PolicySetup setup) : ModelledPolicy(setup)
{
    private readonly double _step = setup.Options["step"];
    private readonly double _floor = setup.Options["floor"];
    private readonly double _temperature = setup.Options["temperature"];
    private readonly double _latencyWeight = setup.Options["latencyWeight"];
    private double[] _probability = [];

    public static PolicyDescriptor Descriptor { get; } = new(
        "pickllm-lri",
        1,
        "PickLLM's learning automaton, linear reward-inaction; ignores the query (arXiv 2412.12170).",
        [
            new("step", 0.02, 1e-5, 0.5, "eta: share of the remaining probability that a reward of 1 moves to its arm."),
            new("floor", 1e-3, 0, 0.1, "Smallest probability of an arm, at most 0.5 / arms; 0 as published: the automaton may then absorb."),
            new("temperature", 0.1, 1e-4, 100, "Quality that divides the budget's price of a call in the tilt."),
            new("latencyWeight", 0, 0, 10, "w_l: reward lost per factor of ten of the arm's mean seconds."),
        ],
        setup => new PickLlmLriPolicy(setup));

    protected override void Choose(in DecisionQuery query, ReadOnlySpan<double> x, DecisionScores scores)
    {
        var price = Math.Max(0, query.Lambda - (Setup.PriceWeight * query.CostPreference));
        for (var a = 0; a < Arms.Length; a++)
        {
            scores.Quality[a] = Counters[a].Rewards == 0 ? 0.5 : Counters[a].MeanReward;
            scores.QualityDeviation[a] = 0.5 / Math.Sqrt(1 + Counters[a].Rewards);
            var tilt = ((price * scores.CostUsd[a]) + (query.LatencyWeight * scores.LatencySeconds[a])) / _temperature;
            scores.Score[a] = query.Feasible[a] ? Math.Log(Math.Max(_probability[a], double.Epsilon)) - tilt : double.NegativeInfinity;
        }

        scores.Greedy = Choice.Best(query.Feasible, scores.Score, scores.CostUsd, Arms.Length);
        SoftMaximum.Spread(query.Feasible, scores, 1);
    }

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        var arm = observation.Arm;
        var mean = Counters[arm].Describe().MeanLatencySeconds;
        var lost = (Setup.PriceWeight * observation.CostUsd) + (double.IsNaN(mean) ? 0 : _latencyWeight * Math.Log10(Math.Max(mean, 1e-3)));
        var reinforcement = Math.Clamp(observation.Reward - lost, 0, 1);
        if (!double.IsNaN(observation.PreviousReward))
        {
            reinforcement -= Math.Clamp(observation.PreviousReward - lost, 0, 1);
        }

        for (var a = 0; a < _probability.Length; a++)
        {
            _probability[a] += _step * reinforcement * (a == arm ? 1 - _probability[a] : -_probability[a]);
        }

        Normalise();
    }

    /// <summary>The automaton learns which arm it chooses well: answers to questions that it did not route would only make the arm more frequent.</summary>
    protected override void OnQuiz(int arm, IReadOnlyList<WarmStartRow> rows)
    {
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        var probability = new double[previous.Length];
        for (var a = 0; a < probability.Length; a++)
        {
            probability[a] = previous[a] >= 0 ? _probability[previous[a]] : 1.0 / probability.Length;
        }

        _probability = probability;
        Normalise();
    }

    // What the automaton would do in expectation, had it met the rows one by one.
    protected override void OnWarmStart(IReadOnlyList<WarmStartRow> rows)
    {
        var reward = new double[_probability.Length];
        foreach (var row in rows)
        {
            var mean = 0.0;
            for (var a = 0; a < reward.Length; a++)
            {
                reward[a] = Math.Clamp(row.Rewards[a] - (Setup.PriceWeight * row.CostUsd[a]), 0, 1);
                mean += _probability[a] * reward[a];
            }

            for (var a = 0; a < reward.Length; a++)
            {
                _probability[a] += _step * _probability[a] * (reward[a] - mean);
            }

            Normalise();
        }
    }

    protected override void WriteModel(StateWriter writer)
    {
        writer.Section("automaton");
        writer.Doubles(_probability);
    }

    protected override void ReadModel(ref StateReader reader)
    {
        reader.Expect("automaton");
        reader.Doubles(_probability.AsSpan());
    }

    private void Normalise()
    {
        var floor = Math.Min(_floor, 0.5 / _probability.Length);
        var total = 0.0;
        for (var a = 0; a < _probability.Length; a++)
        {
            _probability[a] = Math.Max(_probability[a], floor);
            total += _probability[a];
        }

        for (var a = 0; a < _probability.Length; a++)
        {
            _probability[a] = total > 0 ? _probability[a] / total : 1.0 / _probability.Length;
        }
    }
}
