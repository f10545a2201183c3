using MetaLlm.Evaluation;
using MetaLlm.Evaluation.Estimation;
using MetaLlm.Evaluation.Log;
using MetaLlm.Evaluation.Targets;
using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Worlds;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Evaluate.Parts;

/// <summary>
/// Lets the product write many logs of queries drawn with replacement from a data set, evaluates other policies on each, and counts how often the
/// intervals hold what those policies earn by full information on the whole data set.
/// </summary>
internal static class OpeCoverage
{
    /// <summary>Decisions of each log.</summary>
    public const int Decisions = 2000;

    // A logged policy that learns, and whose every choice has a propensity of at least 0.5 / arms.
    private const string Logger = "epsilon-greedy";
    private const double Epsilon = 0.5;
    private const ulong DrawSeed = 23;

    /// <summary>Measures coverage.</summary>
    /// <param name="dataset">Outcomes of every arm.</param>
    /// <param name="features">What is known of the queries.</param>
    /// <param name="runs">Number of logs.</param>
    /// <param name="cancellationToken">Cancels between logs.</param>
    /// <returns>One result per policy and estimator.</returns>
    public static IReadOnlyList<CoverageResult> Measure(ReplayDataset dataset, FeatureTable features, int runs, CancellationToken cancellationToken)
    {
        var ranks = new ArmRanks(dataset);
        var tokens = features.Queries.Select(q => q.InputTokens).Order().ElementAt(features.Queries.Count / 2);
        var (cheap, best) = (dataset.Arms[ranks.Cheapest].Id, dataset.Arms[ranks.Best].Id);
        (Func<ITargetPolicy> Create, double Truth)[] targets =
        [
            (() => new UniformTarget(), dataset.Rows.Average(r => r.Score.Average())),
            (() => new FixedArmTarget(best), ranks.Reward(ranks.Best)),
            (() => new LengthRuleTarget(cheap, best, tokens),
                dataset.Rows.Select((r, i) => r.Score[features.Queries[i].InputTokens > tokens ? ranks.Best : ranks.Cheapest]).Average()),
        ];
        var estimates = new OffPolicyReport[runs, targets.Length];
        Parallel.For(0, runs, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, run =>
        {
            var evaluator = new OffPolicyEvaluator(Write(dataset, features, run), switchAt: null, resamples: 0, always: true);
            for (var t = 0; t < targets.Length; t++)
            {
                estimates[run, t] = evaluator.Evaluate(targets[t].Create());
            }
        });

        return
        [
            .. targets.SelectMany((target, t) => Enumerable.Range(0, estimates[0, t].Reward.Count).Select(e =>
                Result(target.Truth, [.. Enumerable.Range(0, runs).Select(run => (estimates[run, t].Target, estimates[run, t].Reward[e]))]))),
        ];
    }

    private static DecisionLog Write(ReplayDataset dataset, FeatureTable features, int run)
    {
        var events = new List<TenantEvent>();
        var decisions = new List<DecisionRecord>();
        var tenant = new PlayedTenant(features, events);
        tenant.Configure(
            new TenantConfiguration
            {
                Arms = dataset.Arms,
                Policy = Logger,
                PolicyOptions = new Dictionary<string, double> { ["epsilon"] = Epsilon },
                Seed = (ulong)run + 1,
                Parts = ContextParts.Structural,
            },
            DateTimeOffset.UnixEpoch);
        var draws = CounterRandom.Bits(DrawSeed, (ulong)run);
        for (var t = 0; t < Decisions; t++)
        {
            var at = DateTimeOffset.UnixEpoch.AddSeconds(t);
            var index = (int)(CounterRandom.Uniform(draws, (ulong)t) * dataset.Rows.Count);
            var decision = tenant.Decide(new DecisionRequest { Features = features.Queries[index] }, at);
            tenant.Apply(decision);
            decisions.Add(decision);
            var row = dataset.Rows[index];
            var arm = dataset.Arms.TakeWhile(a => a.Id != decision.ChosenArm).Count();
            var facts = DecisionFacts.Of(decision);
            tenant.Settle(facts, row.Usage[arm], row.CostUsd[arm], row.LatencySeconds[arm], at);
            tenant.Reward(new Feedback(facts with { SettledUsd = row.CostUsd[arm] }, "reward", row.Score[arm], null), at);
        }

        return DecisionLog.Of(decisions, events);
    }

    private static CoverageResult Result(double truth, (string Target, OffPolicyEstimate Estimate)[] runs)
    {
        bool Holds(double[] ends) => ends[0] <= truth && truth <= ends[1];
        var estimates = runs.Select(r => r.Estimate).ToArray();
        return new CoverageResult(
            runs[0].Target,
            estimates[0].Estimator,
            runs.Length,
            Decisions,
            truth,
            estimates.Average(e => e.Value) - truth,
            estimates.Count(e => Holds(e.Normal)) / (double)runs.Length,
            estimates.Average(e => e.Normal[1] - e.Normal[0]),
            estimates[0].AnytimeValid is null ? null : estimates.Count(e => Holds(e.AnytimeValid!)) / (double)runs.Length);
    }
}
