using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.PickLlm;

/// <summary>
/// PickLLM's stateless Q-learning (arXiv 2412.12170): Q_m += eta * (R - Q_m), epsilon-greedy. R is linear in quality, cost and latency, so Q
/// is kept of the quality alone and the other parts come in at decision time: prices may move without relearning.
/// </summary>
internal sealed class PickLlmQPolicy(PolicySetup setup) : PricedPolicy(setup)
{
    private readonly double _epsilon = setup.Options["epsilon"];
    private readonly double _step = setup.Options["step"];
    private readonly double _initial = setup.Options["initial"];
    private double[] _q = [];

    public static PolicyDescriptor Descriptor { get; } = new(
        "pickllm-q",
        1,
        "PickLLM's stateless Q-learning, epsilon-greedy; ignores the query (arXiv 2412.12170).",
        [
            GatedExploration.Epsilon(0.1),
            new("step", 0.05, 1e-4, 1, "eta: how far one reward moves an arm's value."),
            new("initial", 1, 0, 1, "Value of an arm before its first reward; 1 makes every arm worth a try."),
        ],
        setup => new PickLlmQPolicy(setup));

    protected override void Predict(ReadOnlySpan<double> x, Span<double> quality, Span<double> deviation)
    {
        for (var a = 0; a < _q.Length; a++)
        {
            quality[a] = _q[a];

            // Of a mean over the last 2 / eta - 1 rewards, the memory of a constant step.
            deviation[a] = 0.5 / Math.Sqrt(1 + Math.Min(Counters[a].Rewards, (2 / _step) - 1));
        }
    }

    protected override void Spread(in DecisionQuery query, DecisionScores scores) => GatedExploration.Spread(query, scores, _epsilon);

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        ref var q = ref _q[observation.Arm];
        q = double.IsNaN(observation.PreviousReward)
            ? q + (_step * (observation.Reward - q))
            : Math.Clamp(q + (_step * (observation.Reward - observation.PreviousReward)), 0, 1);
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        var q = new double[previous.Length];
        for (var a = 0; a < q.Length; a++)
        {
            q[a] = previous[a] >= 0 ? _q[previous[a]] : _initial;
        }

        _q = q;
    }

    protected override void Fit(IReadOnlyList<WarmStartRow> rows, double[][] contexts)
    {
        foreach (var row in rows)
        {
            for (var a = 0; a < _q.Length; a++)
            {
                _q[a] += _step * (row.Rewards[a] - _q[a]);
            }
        }
    }

    protected override void WriteQuality(StateWriter writer) => writer.Doubles(_q);

    protected override void ReadQuality(ref StateReader reader) => reader.Doubles(_q.AsSpan());
}
