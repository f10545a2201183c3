using MetaLlm.Evaluation.Log;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Evaluation.Targets;

/// <summary>
/// A registered policy that learns from the log's past: before each decision it has seen the events that the log's own policy had seen, warm
/// starts and quizzes included. It is asked at the log's shadow price, or at a fixed one. A new feature layout or other context parts start it anew.
/// </summary>
/// <param name="policy">Name of the policy.</param>
/// <param name="options">Its options.</param>
/// <param name="priceWeight">Quality per USD; null for the price in force at each decision.</param>
public sealed class TrainedTarget(string policy, IReadOnlyDictionary<string, double> options, double? priceWeight) : ITargetPolicy
{
    // What the exploration exploration budget earns per decision, as a share of the budget.
    private const double ExplorationBudgetShare = 0.05;

    private readonly TrainingSetReplay _lessons = new();
    private readonly List<QuizzedEvent> _quizzes = [];
    private readonly HashSet<(string Arm, string Digest)> _quizzed = [];
    private (WarmStartSet Set, TenantConfiguration Configuration)? _warmStart;
    private int _lessonsMissed;
    private IBanditPolicy? _policy;
    private DecisionScores? _scores;
    private TenantConfiguration? _configuration;
    private string? _schema;
    private Dictionary<string, int> _arms = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => policy;

    /// <inheritdoc/>
    public IEnumerable<string> Notes
    {
        get
        {
            yield return "It has learned from what the log's policy chose. Run for real it would learn from its own choices, and earn something else.";
            if (_lessonsMissed > 0)
            {
                yield return FormattableString.Invariant(
                    $"{_lessonsMissed} warm starts, quizzes and sets of evidence of the log could not be read as the tenant read them; the policy goes without.");
            }
        }
    }

    /// <inheritdoc/>
    public void Apply(TenantEvent tenantEvent)
    {
        switch (tenantEvent)
        {
            case ConfiguredEvent configured:
                if (_configuration is not null && _configuration.Parts != configured.Configuration.Parts)
                {
                    _policy = null;
                    _warmStart = null;
                    _quizzes.Clear();
                }

                _configuration = configured.Configuration;
                SetArms();
                break;
            case WarmStartedEvent started:
                // How it was read shows in the layout of the next decision.
                _warmStart = (started.Set, _configuration!);
                _quizzes.Clear();
                break;
            case EvidencedEvent:
                // Its rows have holes, which were filled by what the tenant had: nothing here reads them. What was taught before is replaced.
                _warmStart = null;
                _quizzes.Clear();
                _lessonsMissed++;
                break;
            case QuizzedEvent quizzed:
                _quizzes.Add(quizzed);
                if (_policy is not null && _warmStart is null)
                {
                    TakeQuizzes();
                }

                break;
            case SettledEvent settled when Find(settled.Decision) is { } arm:
                _policy!.OnSettled(new SettledObservation
                {
                    Arm = arm,
                    Context = settled.Decision.Context,
                    Usage = settled.Usage,
                    InputTokens = settled.Decision.InputTokens,
                    Ordinal = settled.Decision.Ordinal,
                    CostUsd = settled.CostUsd,
                    LatencySeconds = settled.LatencySeconds,
                    TargetUsdPerRequest = _configuration!.UsdPerRequest ?? double.PositiveInfinity,
                    Complete = settled.Outcome == CallOutcome.Completed,
                });
                break;
            case RewardedEvent rewarded when Find(rewarded.Decision) is { } arm:
                if (ThinnedReward.TryGet(rewarded, arm, PolicyRegistry.Find(policy)!, _policy!, _configuration!.Seed, out var observation))
                {
                    _policy!.OnRewarded(observation);
                }

                break;
        }
    }

    /// <inheritdoc/>
    public double[]? Propensities(LoggedDecision logged)
    {
        var decision = logged.Decision;
        var configuration = logged.Configuration;
        Learn(logged);
        _lessons.Observe(decision);
        bool[] feasible = [.. decision.Arms.Select(a => a.Exclusion is null)];
        if (!feasible.Contains(true))
        {
            return null;
        }

        var target = configuration.UsdPerRequest ?? double.PositiveInfinity;
        _policy!.Decide(
            new DecisionQuery
            {
                Context = decision.Context,
                Feasible = feasible,
                InputTokens = decision.InputTokens,
                Lambda = (priceWeight ?? decision.Lambda) * decision.Preferences.Cost,
                CostPreference = decision.Preferences.Cost,
                LatencyWeight = configuration.LatencyWeight * decision.Preferences.Latency,
                QualityWeight = decision.Preferences.Quality,
                ExplorationAllowanceUsd = ExplorationBudgetShare * target,
                TargetUsdPerRequest = target,
                Ordinal = decision.Ordinal,
                RandomKey = CounterRandom.Bits(~configuration.Seed, (ulong)decision.Ordinal),
            },
            _scores!);
        double[] propensities = [.. _scores!.Propensity];
        if (_arms.TryGetValue(decision.ChosenArm, out var chosen))
        {
            _policy.OnChosen(new ChosenObservation(chosen, decision.Ordinal, decision.Pinned));
        }

        return propensities;
    }

    // A layout that the log's policy did not have before means that it started again, with what it was taught if it was.
    private void Learn(LoggedDecision logged)
    {
        var (decision, configuration, warmStart) = (logged.Decision, logged.Configuration, _warmStart);
        _warmStart = null;
        var rows = warmStart is { } one ? _lessons.Map(one.Set, one.Configuration, decision.FeatureSchema) : null;
        if (_policy is not null && rows is null && _schema == decision.FeatureSchema)
        {
            TakeQuizzes();
            return;
        }

        _lessonsMissed += warmStart is not null && rows is null ? 1 : 0;
        _schema = decision.FeatureSchema;
        _policy = PolicyRegistry.Create(policy, ContextLayout.Blocks(configuration.Parts, decision.Context.Length), configuration.PriceWeight, options);
        if (rows is not null)
        {
            _policy.SetArms(warmStart!.Value.Configuration.Arms);
            _policy.WarmStart(rows);
        }

        _quizzed.Clear();
        SetArms();
        TakeQuizzes();
    }

    // As the tenant does, passes over a quiz that an arm has had already and one of an arm that is gone.
    private void TakeQuizzes()
    {
        foreach (var (quiz, digest) in _quizzes.Select(q => (q.Quiz, q.Digest)))
        {
            if (!_arms.TryGetValue(quiz.ArmId, out var arm) || !_quizzed.Add((quiz.ArmId, digest)))
            {
                continue;
            }

            if (_lessons.Map(quiz, _configuration!, _schema!) is { } rows)
            {
                _policy!.Quiz(arm, rows);
            }
            else
            {
                _lessonsMissed++;
            }
        }

        _quizzes.Clear();
    }

    private void SetArms()
    {
        if (_configuration is { } configuration)
        {
            _policy?.SetArms(configuration.Arms);
            _scores = new DecisionScores(configuration.Arms.Count);
            _arms = configuration.Arms.Select((arm, i) => (arm.Id, i)).ToDictionary(a => a.Id, a => a.i, StringComparer.Ordinal);
            _quizzed.RemoveWhere(q => !_arms.ContainsKey(q.Arm));
        }
    }

    private int? Find(DecisionFacts decision) =>
        _policy is not null && decision.FeatureSchema == _schema && _arms.TryGetValue(decision.ServedArm, out var arm) ? arm : null;
}
