using System.Numerics.Tensors;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.ParetoBandit;

/// <summary>
/// ParetoBandit as published (arXiv 2604.00136): LinUCB that forgets, a penalty on the logarithm of the list price, and a dual pacer of its
/// own that raises the penalty and lowers a ceiling on list prices. docs/math/paretobandit.md says what the logarithm costs.
/// </summary>
internal sealed class ParetoBanditPolicy : ModelledPolicy
{
    private const long LargestAge = 1000;
    private const double LargestInflation = 200;
    private const double CheapestPer1000 = 1e-4;
    private const double MostExpensivePer1000 = 0.1;
    private const double DefaultOutputTokens = 256;

    private readonly double _alpha;
    private readonly double _gamma;
    private readonly double _ridge;
    private readonly double _strength;
    private readonly double _forcedPulls;
    private readonly double _costWeight;
    private readonly bool _ceiling;
    private readonly bool _penalty;
    private readonly double[] _scratch;
    private readonly LogPricePacer _pacer = new();
    private ParetoArm[] _arms = [];
    private long _clock;

    private ParetoBanditPolicy(PolicySetup setup)
        : base(setup)
    {
        _alpha = Option("alpha");
        _gamma = Option("gamma");
        _ridge = Option("ridge");
        _strength = Option("priorStrength");
        _forcedPulls = Option("forcedPulls");
        _costWeight = Option("costWeight");
        _ceiling = Option("hardCeiling") >= 0.5;
        _penalty = Option("softPenalty") >= 0.5;
        _scratch = new double[setup.Dimension];
    }

    public static PolicyDescriptor Descriptor { get; } = new(
        "paretobandit",
        1,
        "ParetoBandit's rule: forgetting LinUCB, log-price penalty, dual pacer with a list-price ceiling (arXiv 2604.00136).",
        [
            new("alpha", 0.01, 0, 100, "Bonus in units of the inflated sqrt(x' A^-1 x)."),
            new("gamma", 0.997, 0.9, 1, "Forgetting per request of the tenant."),
            new("ridge", 1, 1e-6, 1e6, "A starts as this multiple of the identity."),
            new("priorStrength", 1163.9, 0, 1e6, "n_eff: how many rewards of an arm the warm start counts for."),
            new("forcedPulls", 20, 0, 10000, "Pulls that an arm without a warm start gets before the rule applies to it."),
            new("costWeight", 0, 0, 100, "lambda_c: fixed penalty, quality per unit of normalised log price."),
            new("hardCeiling", 1, 0, 1, "1: the pacer excludes arms above the most expensive list price / (1 + lambda_t)."),
            new("softPenalty", 1, 0, 1, "1: the pacer penalises normalised log prices by lambda_t."),
        ],
        setup => new ParetoBanditPolicy(setup));

    /// <summary>
    /// Mean of the input and the output list price, USD per 1000 tokens, on a logarithmic scale from 1e-4 (0) to 0.1 (1). An arm that is expected
    /// to write more or less than the default counts as so much more expensive or cheaper.
    /// </summary>
    internal static double NormalisedPrice(Arm arm)
    {
        var low = Math.Log(CheapestPer1000);
        return Math.Clamp((Math.Log(Math.Max(double.Epsilon, Blended(arm))) - low) / (Math.Log(MostExpensivePer1000) - low), 0, 1);
    }

    protected override void Choose(in DecisionQuery query, ReadOnlySpan<double> x, DecisionScores scores)
    {
        var dual = double.IsFinite(query.TargetUsdPerRequest) ? _pacer.Lambda : 0;
        var limit = Limit(query.Feasible, dual);
        for (var a = 0; a < _arms.Length; a++)
        {
            var inflation = Math.Max(Math.Pow(_gamma, Math.Min(LargestAge, _arms[a].Idle(_clock))), 1 / LargestInflation);
            scores.Quality[a] = _arms[a].Reward(x);
            scores.QualityDeviation[a] = Math.Sqrt(_arms[a].Variance(x) / inflation);
            var penalty = query.CostPreference * (_costWeight + (_penalty ? dual : 0)) * NormalisedPrice(Arms[a]);
            scores.Score[a] = query.Feasible[a]
                ? (query.QualityWeight * (scores.Quality[a] + (_alpha * scores.QualityDeviation[a]))) - penalty
                    - (query.LatencyWeight * scores.LatencySeconds[a])
                : double.NegativeInfinity;
        }

        scores.Greedy = Forced(query.Feasible) is var forced and >= 0 ? forced : BestWithin(limit, query.Feasible, scores);
        Choice.Certain(scores.Greedy, scores);
    }

    protected override void OnPulled(in ChosenObservation observation)
    {
        _clock++;
        _arms[observation.Arm].Played = _clock;
    }

    protected override void OnCalled(in SettledObservation observation, ReadOnlySpan<double> x) =>
        _pacer.Observe(observation.CostUsd, observation.TargetUsdPerRequest);

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        var arm = _arms[observation.Arm];
        if (double.IsNaN(observation.PreviousReward))
        {
            arm.Observe(x, observation.Reward, _gamma, _clock, LargestAge, _scratch);
        }
        else
        {
            arm.Correct(x, observation.Reward - observation.PreviousReward);
        }
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        var arms = new ParetoArm[previous.Length];
        for (var a = 0; a < arms.Length; a++)
        {
            arms[a] = previous[a] >= 0 ? _arms[previous[a]] : new ParetoArm(Setup.Dimension, _ridge, _clock);
        }

        _arms = arms;
    }

    protected override void OnWarmStart(IReadOnlyList<WarmStartRow> rows)
    {
        var weight = _strength / rows.Count;
        var ridge = new double[Setup.Dimension];
        Array.Fill(ridge, _ridge);
        var precision = PackedMatrix.Diagonal(ridge);
        var sums = Array.ConvertAll(_arms, _ => new double[Setup.Dimension]);
        var x = new double[Setup.Dimension];
        foreach (var row in rows)
        {
            TensorPrimitives.ConvertTruncating<float, double>(row.Context, x);
            PackedMatrix.AddOuter(precision, x, weight);
            for (var a = 0; a < _arms.Length; a++)
            {
                Kernels.MultiplyAdd(x, weight * row.Rewards[a], sums[a]);
            }
        }

        for (var a = 0; a < _arms.Length; a++)
        {
            _arms[a].Inform(precision, sums[a]);
        }
    }

    protected override void WriteModel(StateWriter writer)
    {
        writer.Section("paretobandit");
        writer.Long(_clock);
        _pacer.Write(writer);
        foreach (var arm in _arms)
        {
            arm.Write(writer);
        }
    }

    protected override void ReadModel(ref StateReader reader)
    {
        reader.Expect("paretobandit");
        _clock = reader.Long();
        _pacer.Read(ref reader);
        foreach (var arm in _arms)
        {
            arm.Read(ref reader);
        }
    }

    private static double Blended(Arm arm) => 1000 * 0.5 * (arm.Prices.Input + arm.Prices.Output) * arm.PriorOutputTokens / DefaultOutputTokens;

    // The cheapest feasible arm stays, whatever the ceiling.
    private double Limit(ReadOnlySpan<bool> feasible, double dual)
    {
        if (!_ceiling || dual <= 0)
        {
            return double.PositiveInfinity;
        }

        var (mostExpensive, cheapest) = (0.0, double.PositiveInfinity);
        for (var a = 0; a < _arms.Length; a++)
        {
            var price = Blended(Arms[a]);
            mostExpensive = Math.Max(mostExpensive, price);
            cheapest = feasible[a] ? Math.Min(cheapest, price) : cheapest;
        }

        return Math.Max(cheapest, mostExpensive / (1 + dual));
    }

    private int Forced(ReadOnlySpan<bool> feasible)
    {
        var least = -1;
        for (var a = 0; a < _arms.Length; a++)
        {
            if (feasible[a] && !_arms[a].Informed && Counters[a].Pulls < _forcedPulls && (least < 0 || Counters[a].Pulls < Counters[least].Pulls))
            {
                least = a;
            }
        }

        return least;
    }

    private int BestWithin(double limit, ReadOnlySpan<bool> feasible, DecisionScores scores)
    {
        var best = -1;
        for (var a = 0; a < _arms.Length; a++)
        {
            if (feasible[a] && Blended(Arms[a]) <= limit
                && (best < 0 || scores.Score[a] > scores.Score[best] || (scores.Score[a] == scores.Score[best] && scores.CostUsd[a] < scores.CostUsd[best])))
            {
                best = a;
            }
        }

        return best;
    }
}
