using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.LlmBandit;

/// <summary>
/// LLM Bandit (arXiv 2502.02743): every arm is an identity vector from an item-response model, queries are difficulties, and a stochastic
/// policy is conditioned on the caller's preference omega between reward and cost. Warm-start rows are the quiz; an arm that joins later starts
/// from the population of identities, so that a few outcomes place it.
/// </summary>
internal sealed class LlmBanditPolicy : PricedPolicy
{
    private const double SmallestSpread = 0.25;

    private readonly double _temperature;
    private readonly double _mapRate;
    private readonly int _length;
    private readonly DifficultyMap _map;
    private ModelIdentity[] _identities = [];

    private LlmBanditPolicy(PolicySetup setup)
        : base(setup)
    {
        _temperature = Option("temperature");
        _mapRate = Option("mapRate");
        _length = (int)Option("rank") + 1;
        _map = new DifficultyMap(setup.Dimension, _length - 1);
    }

    public static PolicyDescriptor Descriptor { get; } = new(
        "llm-bandit",
        1,
        "LLM Bandit: identity vector per model from a quiz, preference preference weights, stochastic policy (arXiv 2502.02743).",
        [
            new("rank", 6, 1, 64, "Length of difficulty and identity vectors beside the constant; whole."),
            new("temperature", 0.01, 1e-6, 100, "Score that divides gaps in p_a proportional to exp(score_a / temperature)."),
            new("mapRate", 0.05, 0, 1, "Step by which queries' difficulties are learned without a quiz."),
        ],
        setup => new LlmBanditPolicy(setup));

    protected override void Predict(ReadOnlySpan<double> x, Span<double> quality, Span<double> deviation)
    {
        var z = _map.Of(x);
        for (var a = 0; a < _identities.Length; a++)
        {
            quality[a] = _identities[a].Predict(z);
            deviation[a] = _identities[a].Deviation(z);
        }
    }

    protected override void Spread(in DecisionQuery query, DecisionScores scores) => SoftMaximum.Spread(query.Feasible, scores, _temperature);

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        var identity = _identities[observation.Arm];
        var z = _map.Of(x);
        if (!double.IsNaN(observation.PreviousReward))
        {
            identity.Move(z, observation.Reward - observation.PreviousReward);
            return;
        }

        var error = observation.Reward - identity.Predict(z);
        _map.Learn(x, identity.Vector, _mapRate * error);
        identity.Observe(z, observation.Reward);
    }

    // The paper's own onboarding: the quiz places the newcomer's identity; what makes queries difficult stays as it is.
    protected override void OnQuiz(int arm, IReadOnlyList<WarmStartRow> rows)
    {
        foreach (var row in rows)
        {
            _identities[arm].Observe(_map.Of(row.WideContext()), row.Rewards[arm]);
        }
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        var identities = new ModelIdentity[previous.Length];
        for (var a = 0; a < identities.Length; a++)
        {
            identities[a] = previous[a] >= 0 ? _identities[previous[a]] : New();
        }

        _identities = identities;
    }

    protected override void Fit(IReadOnlyList<WarmStartRow> rows, double[][] contexts)
    {
        _map.Fit(rows, contexts);
        var difficulties = Array.ConvertAll(contexts, x => _map.Of(x).ToArray());
        for (var a = 0; a < _identities.Length; a++)
        {
            _identities[a] = ModelIdentity.Fit(difficulties, [.. rows.Select(r => r.Rewards[a])]);
        }
    }

    protected override void WriteQuality(StateWriter writer)
    {
        _map.Write(writer);
        foreach (var identity in _identities)
        {
            identity.Write(writer);
        }
    }

    protected override void ReadQuality(ref StateReader reader)
    {
        _map.Read(ref reader);
        foreach (var identity in _identities)
        {
            identity.Read(ref reader);
        }
    }

    // Mean and covariance of the identities that are there; few arms say little about the next one, so the spread has a floor.
    private ModelIdentity New()
    {
        var mean = new double[_length];
        var diagonal = new double[_length];
        if (!_map.Fitted)
        {
            Array.Fill(diagonal, 1);
            return new ModelIdentity(mean, PackedMatrix.Diagonal(diagonal));
        }

        Array.Fill(diagonal, SmallestSpread);
        var covariance = PackedMatrix.Diagonal(diagonal);
        foreach (var identity in _identities)
        {
            Kernels.MultiplyAdd(identity.Vector, 1.0 / _identities.Length, mean);
        }

        var distance = new double[_length];
        foreach (var identity in _identities)
        {
            identity.Vector.CopyTo(distance);
            Kernels.MultiplyAdd(mean, -1, distance);
            PackedMatrix.AddOuter(covariance, distance, 1.0 / Math.Max(1, _identities.Length - 1));
        }

        return new ModelIdentity(mean, covariance);
    }
}
