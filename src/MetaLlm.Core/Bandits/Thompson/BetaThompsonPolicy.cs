using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Thompson;

/// <summary>
/// Thompson sampling with a Beta posterior per task tag and arm, as adaptive routers of gateways do (LiteLLM): a reward r counts as r of
/// a success and 1 - r of a failure. Queries without a tag share one more row.
/// </summary>
internal sealed class BetaThompsonPolicy : PricedPolicy
{
    private readonly double _prior;
    private readonly double _gamma;
    private readonly int _tasks;
    private readonly int _firstTask;
    private readonly BestDraw _draw = new();
    private double[][] _successes = [];
    private double[][] _failures = [];
    private int _task;

    private BetaThompsonPolicy(PolicySetup setup)
        : base(setup)
    {
        _prior = Option("prior");
        _gamma = Option("gamma");
        _tasks = setup.Blocks.Task + 1;
        _firstTask = setup.Blocks.Bias + setup.Blocks.Structural;
    }

    public static PolicyDescriptor Descriptor { get; } = new(
        "beta-thompson",
        1,
        "Thompson sampling with a Beta posterior per task tag and arm, exact choice probabilities (LiteLLM's adaptive router).",
        [
            new("prior", 1, 1e-3, 1e3, "Successes and failures that every posterior starts with."),
            new("gamma", 1, 0.9, 1, "Forgetting: what was counted of a task and arm counts this much after one more reward of it."),
        ],
        setup => new BetaThompsonPolicy(setup));

    protected override void Predict(ReadOnlySpan<double> x, Span<double> quality, Span<double> deviation)
    {
        _task = Task(x);
        for (var a = 0; a < Arms.Length; a++)
        {
            var posterior = Posterior(a);
            quality[a] = posterior.Mean;
            deviation[a] = posterior.Deviation;
        }
    }

    protected override void Spread(in DecisionQuery query, DecisionScores scores)
    {
        _draw.Begin();
        for (var a = 0; a < Arms.Length; a++)
        {
            if (query.Feasible[a])
            {
                _draw.Cover(scores.Score[a], query.QualityWeight * scores.QualityDeviation[a]);
            }
        }

        for (var a = 0; a < Arms.Length; a++)
        {
            if (query.Feasible[a])
            {
                _draw.Beta(a, Posterior(a), query.QualityWeight, (query.QualityWeight * scores.Quality[a]) - scores.Score[a]);
            }
        }

        _draw.Probabilities(query.Feasible, scores);
    }

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        var task = Task(x);
        if (double.IsNaN(observation.PreviousReward))
        {
            Count(observation.Arm, task, observation.Reward);
            return;
        }

        var delta = observation.Reward - observation.PreviousReward;
        Correct(observation.Arm, task, delta);
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        var successes = new double[previous.Length][];
        var failures = new double[previous.Length][];
        for (var a = 0; a < previous.Length; a++)
        {
            successes[a] = previous[a] >= 0 ? _successes[previous[a]] : new double[_tasks];
            failures[a] = previous[a] >= 0 ? _failures[previous[a]] : new double[_tasks];
        }

        (_successes, _failures) = (successes, failures);
        _draw.Resize(previous.Length);
    }

    protected override void Fit(IReadOnlyList<WarmStartRow> rows, double[][] contexts)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            for (var a = 0; a < Arms.Length; a++)
            {
                Count(a, Task(contexts[i]), rows[i].Rewards[a]);
            }
        }
    }

    protected override void WriteQuality(StateWriter writer)
    {
        for (var a = 0; a < _successes.Length; a++)
        {
            writer.Doubles(_successes[a]);
            writer.Doubles(_failures[a]);
        }
    }

    protected override void ReadQuality(ref StateReader reader)
    {
        for (var a = 0; a < _successes.Length; a++)
        {
            reader.Doubles(_successes[a]);
            reader.Doubles(_failures[a]);
        }
    }

    private BetaDistribution Posterior(int arm) => new(_prior + _successes[arm][_task], _prior + _failures[arm][_task]);

    private void Count(int arm, int task, double reward)
    {
        _successes[arm][task] = (_gamma * _successes[arm][task]) + reward;
        _failures[arm][task] = (_gamma * _failures[arm][task]) + 1 - reward;
    }

    // What was forgotten in between must not be taken back twice: counts stay at or above 0.
    private void Correct(int arm, int task, double delta)
    {
        _successes[arm][task] = Math.Max(0, _successes[arm][task] + delta);
        _failures[arm][task] = Math.Max(0, _failures[arm][task] - delta);
    }

    private int Task(ReadOnlySpan<double> x)
    {
        for (var j = 0; j < _tasks - 1; j++)
        {
            if (x[_firstTask + j] > 0)
            {
                return j;
            }
        }

        return _tasks - 1;
    }
}
