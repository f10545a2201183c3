using MetaLlm.Core.Bandits.Linear;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Pilot;

/// <summary>
/// PILOT (arXiv 2508.21141): a linear bandit whose prior comes from preferences between arms, and an online knapsack that lets an arm be
/// chosen only while its value per dollar clears a threshold that rises as the budget of a bin is used up.
/// </summary>
internal sealed class PilotPolicy : ModelledPolicy
{
    private readonly double _alpha;
    private readonly double _ridge;
    private readonly double _priorStrength;
    private readonly double[] _psi;
    private readonly double[] _scratch;
    private readonly KnapsackBudget _budget;
    private RidgeArm[] _arms = [];
    private bool _warm;

    private PilotPolicy(PolicySetup setup)
        : base(setup)
    {
        _alpha = Option("alpha");
        _ridge = Option("ridge");
        _priorStrength = Option("priorStrength");
        _psi = new double[setup.Dimension];
        _scratch = new double[setup.Dimension];
        _budget = new KnapsackBudget(Option("binCalls"));
    }

    public static PolicyDescriptor Descriptor { get; } = new(
        "pilot",
        1,
        "PILOT: linear bandit with a prior from preferences, budget by an online knapsack (arXiv 2508.21141).",
        [
            new("alpha", 0.5, 0, 100, "Bonus in units of sqrt(psi' A^-1 psi)."),
            new("ridge", 1, 1e-6, 1e6, "A starts as this multiple of the identity for arms without a warm start."),
            new("priorStrength", 10, 1e-6, 1e6, "lambda_a: the same for arms whose prior comes from preferences."),
            new("binCalls", 50, 1, 1e6, "Calls that share one bin of the budget; what a bin leaves goes to the next."),
        ],
        setup => new PilotPolicy(setup));

    /// <summary>psi(x) = (1, x_rest / |x_rest|) / sqrt 2: unit length, and a constant reward is still linear in it.</summary>
    internal static void Project(ReadOnlySpan<double> x, Span<double> psi)
    {
        var rest = x[1..];
        var length = Math.Sqrt(Kernels.Dot(rest, rest));
        var scale = length > 0 ? 1 / (length * Math.Sqrt(2)) : 0;
        psi[0] = 1 / Math.Sqrt(2);
        for (var j = 1; j < x.Length; j++)
        {
            psi[j] = x[j] * scale;
        }
    }

    protected override void Choose(in DecisionQuery query, ReadOnlySpan<double> x, DecisionScores scores)
    {
        Project(x, _psi);
        var budgeted = double.IsFinite(query.TargetUsdPerRequest);

        // Under a budget the knapsack decides what fits; the pacer's shadow price would count it twice.
        var lambda = budgeted ? Setup.PriceWeight * query.CostPreference : query.Lambda;
        for (var a = 0; a < _arms.Length; a++)
        {
            scores.Quality[a] = _arms[a].Reward(_psi);
            scores.QualityDeviation[a] = Math.Sqrt(_arms[a].Variance(_psi));
            scores.Score[a] = query.Feasible[a]
                ? (query.QualityWeight * (scores.Quality[a] + (_alpha * scores.QualityDeviation[a])))
                    - (lambda * scores.CostUsd[a]) - (query.LatencyWeight * scores.LatencySeconds[a])
                : double.NegativeInfinity;
        }

        scores.Greedy = budgeted ? _budget.Best(query, scores) : Choice.Best(query.Feasible, scores.Score, scores.CostUsd, _arms.Length);
        Choice.Certain(scores.Greedy, scores);
    }

    protected override void OnCalled(in SettledObservation observation, ReadOnlySpan<double> x) =>
        _budget.Spend(observation.CostUsd, observation.TargetUsdPerRequest);

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        Project(x, _psi);
        if (double.IsNaN(observation.PreviousReward))
        {
            _arms[observation.Arm].Observe(_psi, observation.Reward, _scratch);
        }
        else
        {
            _arms[observation.Arm].Correct(_psi, observation.Reward - observation.PreviousReward);
        }
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        var arms = new RidgeArm[previous.Length];
        for (var a = 0; a < arms.Length; a++)
        {
            arms[a] = previous[a] >= 0 ? _arms[previous[a]] : New();
        }

        _arms = arms;
    }

    protected override void OnWarmStart(IReadOnlyList<WarmStartRow> rows)
    {
        var queries = rows.Select(r =>
        {
            var psi = new double[Setup.Dimension];
            Project(r.WideContext(), psi);
            return psi;
        }).ToArray();
        var means = PreferencePrior.Fit(queries, [.. rows.Select(r => r.Rewards)]);
        _arms = Array.ConvertAll(means, m => new RidgeArm(m, _priorStrength));
        _warm = true;
    }

    protected override void WriteModel(StateWriter writer)
    {
        writer.Section("pilot");
        writer.Bool(_warm);
        _budget.Write(writer);
        foreach (var arm in _arms)
        {
            arm.Write(writer);
        }
    }

    protected override void ReadModel(ref StateReader reader)
    {
        reader.Expect("pilot");
        _warm = reader.Bool();
        _budget.Read(ref reader);
        foreach (var arm in _arms)
        {
            arm.Read(ref reader);
        }
    }

    // An arm that joins a warm tenant starts as the mean of the arms that are there, with a cold arm's confidence.
    private RidgeArm New()
    {
        var mean = new double[Setup.Dimension];
        mean[0] = Math.Sqrt(2) / 2;
        if (_warm && _arms.Length > 0)
        {
            mean[0] = 0;
            foreach (var arm in _arms)
            {
                Kernels.MultiplyAdd(arm.Theta, 1.0 / _arms.Length, mean);
            }
        }

        return new RidgeArm(mean, _ridge);
    }
}
