using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>
/// The flagship: quality, cost and latency are learned apart and combined at decision time, greedy up to an optimistic bonus,
/// with a small randomised share of exploration whose exact probabilities are known. docs/math/metallm.md states the formulas.
/// </summary>
internal sealed class MetaLlmPolicy : ModelledPolicy
{
    // A benched arm may have become something third; and no arm is called for its past alone more often than not.
    private const double LeastProbeShare = 0.005;
    private const double LargestProbeShare = 0.5;

    // Length of z: what online rewards may correct comes first in a context.
    private readonly int _learned;
    private readonly QualityModel _quality;
    private readonly ExplorationRule _exploration;
    private readonly double _alpha;
    private readonly double _spreadPulls;
    private readonly double _reach;
    private readonly double _pendingCalls;
    private bool[] _untried = [];

    // Calls of each arm since its last reward.
    private double[] _pending = [];
    private double[] _audit = [];
    private double[] _changed = [];
    private double[] _former = [];
    private DualCurve? _dual;

    private MetaLlmPolicy(PolicySetup setup)
        : base(setup)
    {
        _learned = setup.Blocks.Bias + setup.Blocks.Structural + setup.Blocks.Task + setup.Blocks.Language + Math.Min((int)Option("embeddingTerms"), setup.Blocks.Embedding);
        _quality = new QualityModel(
            setup.Dimension, _learned, Option("pooledRidge"), Option("armRidge"), Option("armBiasRidge"), Option("empiricalRidges") > 0 ? Ridges(setup.Blocks) : null)
        {
            TaskStart = setup.Blocks.Bias + setup.Blocks.Structural,
            MatchesCards = Option("matchCards") > 0,
        };
        _exploration = new ExplorationRule(Option("epsilon"), Option("gapScale"), Option("spreadShare"));
        _alpha = Option("alpha");
        _spreadPulls = Option("spreadPulls");
        _reach = Option("spreadReach");
        _pendingCalls = Option("pendingCalls");
    }

    public static PolicyDescriptor Descriptor { get; } = new(
        "metallm",
        4,
        "Hierarchical ridge per arm for quality, log-linear cost, linear-dollar Lagrangian, exploration budget-gated exploration.",
        [
            new("epsilon", 0.001, 0, 0.5, "Largest share of decisions given to exploration once every arm has been tried."),
            new("gapScale", 0.02, 1e-6, 10, "Score gap to the best arm at which an arm's share of exploration is halved."),
            new("spreadPulls", 6, 0, 10000, "Pulls that an arm without a warm start gets before exploration is left to epsilon and alpha."),
            new("spreadReach", 1, 0, 100, "An arm more than this many standard deviations below the best one gets no more of them."),
            new("spreadShare", 0.5, 0, 1, "Largest share of decisions given to arms that still lack those pulls."),
            new("alpha", 0.6, 0, 10, "Optimism: bonus in standard deviations of the prediction, for arms without a warm start; decays with the arm's pulls."),
            new("pooledRidge", 30, 1e-3, 1e6, "Ridge of the slopes that all arms share without a warm start."),
            new("armRidge", 100, 1e-3, 1e6, "Precision with which an arm's slopes are tied to the pooled ones."),
            new("armBiasRidge", 4, 1e-3, 1e6, "Precision with which an arm's mean is tied to the pooled one."),
            new("pendingCalls", 0, 0, 1e6, "Calls of an arm since its last reward that divide its optimism by the square root of 2, while rewards are late; 0 for none."),
            new("empiricalRidges", 0, 0, 1, "1 lets the rewards of a tenant without a warm start move the ridges of its arms' slopes; 0 leaves them."),

            new("matchCards", 0, 0, 1, "1 believes cards less where they agree with the rewards no better than the same cards dealt to the arms by chance; 0 does not ask."),

            // Online rewards are few: they correct what pays for itself within hundreds of them.
            new("embeddingTerms", 16, 0, 1024, "Components of the reduced embedding that online rewards may correct; a fraction is dropped."),
            new("warmTrust", 3, 0, 1e3, "How many times the warm-start rows count in the prior precision of the online correction."),
            new("warmRidge", 1000, 1e-3, 1e9, "Ridge added to that prior precision."),
        ],
        setup => new MetaLlmPolicy(setup))
    {
        WeighsRewards = true,
    };

    /// <summary>The same with the numbers that suit a tenant which starts without any outcome, and many embedding components to tell its queries apart.</summary>
    public static PolicyDescriptor ColdDescriptor { get; } = Descriptor with
    {
        Name = "metallm-cold",
        Summary = "The flagship for tenants without a warm start: ridges found from the rewards (empirical Bayes), more optimism, firmer means.",
        Options = [.. Descriptor.Options.Select(option => option with
        {
            Default = option.Name switch
            {
                "alpha" => 1,
                "armBiasRidge" => 50,
                "pendingCalls" => 2,
                "empiricalRidges" => 1,
                "matchCards" => 1,
                "embeddingTerms" => 32,
                _ => option.Default,
            },
        })],
    };

    public override void SetCards(IReadOnlyList<CardPrior?> cards) => _quality.SetCards(cards);

    private EmpiricalRidges Ridges(ContextBlocks blocks)
    {
        var (structural, task, language, embedding, _) = StackBase.Ranges(blocks);
        return new EmpiricalRidges([structural, task, language, [.. embedding.Where(position => position < _learned)]], Option("armRidge"));
    }

    public override double? SuggestLambda(double usdPerRequest) =>
        _dual?.PriceAt(usdPerRequest);

    protected override void Choose(in DecisionQuery query, ReadOnlySpan<double> x, DecisionScores scores)
    {
        var residual = _quality.Residual;
        _quality.Predict(x, scores.Quality, scores.QualityDeviation);
        for (var a = 0; a < Arms.Length; a++)
        {
            var deviation = residual * Math.Sqrt(scores.QualityDeviation[a]);
            var optimism = _quality.Informed(a) ? 0 : _alpha * Patience(a);
            scores.QualityDeviation[a] = deviation;
            scores.Quality[a] = Math.Clamp(scores.Quality[a] + (optimism * deviation), -0.2, 1.2);
            if (_quality.Former(a) is { } former)
            {
                var odds = former.Odds(query.Ordinal);
                _changed[a] = scores.Quality[a];
                _former[a] = Math.Clamp(former.Predict(x), -0.2, 1.2);
                scores.Quality[a] += odds / (1 + odds) * (_former[a] - _changed[a]);
            }
        }

        Choice.Score(query, scores, Arms.Length);
        if (!_quality.Warm && query.Lambda > 0)
        {
            HopeForCheapness(query, scores);
        }

        for (var a = 0; a < Arms.Length; a++)
        {
            _audit[a] = ProbeShare(a, query, scores);

            // First pulls go to arms that may yet prove the best: one that is already out of reach needs no more of them.
            _untried[a] = !_quality.Informed(a) && Counters[a].Pulls < _spreadPulls * _quality.Novelty(a)
                && scores.Score[a] + (_reach * query.QualityWeight * scores.QualityDeviation[a]) >= scores.Score[scores.Greedy];
        }

        _exploration.Spread(query, scores, _untried, _audit);
    }

    // An arm that drift has benched is called again as its return gets likelier: odds of the return, times what would be gained by it, over what
    // the call costs if there was none. At 1 the arm would be the best choice anyway.
    private double ProbeShare(int arm, in DecisionQuery query, DecisionScores scores)
    {
        if (arm == scores.Greedy || _quality.Former(arm) is not { } former)
        {
            return 0;
        }

        var behind = scores.Score[scores.Greedy] - scores.Score[arm];
        var gain = (query.QualityWeight * (_former[arm] - scores.Quality[arm])) - behind;
        var loss = behind + (query.QualityWeight * (scores.Quality[arm] - _changed[arm]));
        return gain > 0 && loss > 0
            ? Math.Clamp(former.UnseenOdds(query.Ordinal) * gain / loss, LeastProbeShare, LargestProbeShare)
            : LeastProbeShare;
    }

    private void HopeForCheapness(in DecisionQuery query, DecisionScores scores)
    {
        for (var a = 0; a < Arms.Length; a++)
        {
            scores.Score[a] += query.Lambda * scores.CostUsd[a] * (1 - CostOptimism(a));
        }

        scores.Greedy = Choice.Best(query.Feasible, scores.Score, scores.CostUsd, Arms.Length);
    }

    public override int ChangePoints => _quality.ChangePoints;

    public override bool Drifts(int arm) => _quality.Drifts(arm);

    protected override void OnPulled(in ChosenObservation observation)
    {
        _pending[observation.Arm]++;
        _quality.Pulled(observation.Arm, observation.Ordinal);
    }

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        _pending[observation.Arm] = 0;
        _quality.Learn(
            observation.Arm, x, observation.Reward, observation.PreviousReward, observation.Propensity < 0.5, observation.Weight, observation.PreviousWeight);
    }

    // What has been asked and not answered yet will tell: to hope for the same arm again meanwhile finds out nothing more.
    private double Patience(int arm) => _pendingCalls > 0 ? 1 / Math.Sqrt(1 + (_pending[arm] / _pendingCalls)) : 1;

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        _quality.SetArms(previous);
        _untried = new bool[previous.Length];
        _audit = new double[previous.Length];
        _pending = [.. previous.ToArray().Select(p => p < 0 ? 0 : _pending[p])];
        _changed = new double[previous.Length];
        _former = new double[previous.Length];
    }

    protected override void OnWarmStart(IReadOnlyList<WarmStartRow> rows)
    {
        var contexts = rows.Select(r => r.WideContext()).ToArray();
        var rewards = rows.Select(r => r.Rewards).ToArray();
        var fit = CanonicalStack.Fit(contexts, rewards, StackBase.For(Setup.Blocks), StackBase.Groups(Setup.Blocks));
        _quality.WarmStart(fit.Thetas, PriorPrecision(contexts), ResidualDeviations(rewards, fit.HeldOut));

        // Predictions made without the row: those of a fit to it are too good, and would set the shadow price too high or too low.
        _dual = DualCurve.Fit([.. rows.Select((row, i) => (fit.HeldOut[i], PredictCosts(contexts[i], row.InputTokens)))]);
    }

    protected override void OnQuiz(int arm, IReadOnlyList<WarmStartRow> rows) =>
        _quality.Quiz(arm, [.. rows.Select(r => r.WideContext())], [.. rows.Select(r => r.Rewards)]);

    private double[] PriorPrecision(double[][] contexts)
    {
        var diagonal = new double[_learned];
        Array.Fill(diagonal, Option("warmRidge"));
        var precision = PackedMatrix.Diagonal(diagonal);
        foreach (var x in contexts)
        {
            PackedMatrix.AddOuter(precision, x.AsSpan(0, _learned), Option("warmTrust"));
        }

        return precision;
    }

    private static double[] ResidualDeviations(double[][] rewards, double[][] predictions)
    {
        var deviations = new double[rewards[0].Length];
        for (var a = 0; a < deviations.Length; a++)
        {
            var squares = 0.0;
            for (var i = 0; i < rewards.Length; i++)
            {
                var error = rewards[i][a] - predictions[i][a];
                squares += error * error / rewards.Length;
            }

            deviations[a] = Math.Max(1e-3, Math.Sqrt(squares));
        }

        return deviations;
    }

    private double[] PredictCosts(double[] x, double inputTokens)
    {
        var costs = new double[Arms.Length];
        for (var a = 0; a < costs.Length; a++)
        {
            costs[a] = PredictCost(a, x, inputTokens);
        }

        return costs;
    }

    protected override void WriteModel(StateWriter writer)
    {
        _quality.Write(writer);
        if (_pendingCalls > 0)
        {
            writer.Doubles(_pending);
        }

        writer.Doubles(_dual?.Table ?? []);
    }

    protected override void ReadModel(ref StateReader reader)
    {
        _quality.Read(ref reader);
        if (_pendingCalls > 0)
        {
            reader.Doubles(_pending);
        }

        _dual = DualCurve.FromTable(reader.Doubles());
    }
}
