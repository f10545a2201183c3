using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Worlds;
using MetaLlm.Evaluation.Statistics;
using MetaLlm.Lab.Statistics;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>Turns the outcomes of all seeds of one policy and trade-off into a report.</summary>
/// <param name="data">Name of the data set.</param>
/// <param name="world">What was played.</param>
/// <param name="references">References by seed, in the order of the outcomes.</param>
/// <param name="options">What was asked for.</param>
internal sealed class ReplayReportBuilder(string data, ReplayWorld world, IReadOnlyList<PhasedReferences> references, ReplayOptions options)
{
    private const int BootstrapResamples = 1000;
    private const ulong BootstrapSeed = 95;

    /// <summary>Where the models' cards come from; null without cards.</summary>
    public string? Cards { get; init; }

    /// <summary>Builds the report.</summary>
    /// <param name="policy">Name of the policy.</param>
    /// <param name="tradeOff">Its trade-off.</param>
    /// <param name="outcomes">What happened, by seed.</param>
    public ReplayReport Build(string policy, TradeOff tradeOff, IReadOnlyList<SeedOutcome> outcomes)
    {
        var mixRewards = outcomes.Zip(references, (o, r) => r.MixRewards(o)).ToArray();
        var cost = SpreadSummary.Of([.. outcomes.Select(o => o.CostUsd.Average())]);
        return new ReplayReport
        {
            Data = data,
            Policy = policy,
            Budget = tradeOff.Budget,
            PriceWeight = tradeOff.PriceWeight,
            Seeds = outcomes.Count,
            Queries = outcomes[0].Rows.Length,
            Reward = Summary([.. outcomes.Select(o => (o.Rows, o.Rewards))]),
            Cost = cost,
            Utilisation = cost.Mean / tradeOff.Budget,
            Worst100 = outcomes.Max(o => SpendMeasures.MostExpensiveWindow(o.CostUsd)) / tradeOff.Budget,
            Overspend = tradeOff.Budget is { } budget ? outcomes.Max(o => SpendMeasures.Overspend(o.CostUsd, budget)) / budget : null,
            Gain = Summary([.. outcomes.Zip(mixRewards, (o, mix) => (o.Rows, Difference(o.Rewards, mix)))]),
            Regret = SpreadSummary.Of([.. outcomes.Select(o => o.BestRewards.Sum() - o.Rewards.Sum())]),
            Shares = Shares(outcomes.SelectMany(o => o.Choices)),
            Scenario = world.Scenario is null ? null : new ScenarioReportBuilder(world, references).Build(tradeOff, outcomes, mixRewards),
            References = new ReferenceSummary(
                Mean(r => r.Random),
                Mean(r => r.Cheapest),
                Mean(r => r.BestSingle),
                Mean(r => r.BestPerTask),
                new StaticMixPoint(mixRewards.Average(m => m.Average())),
                Mean(r => r.Oracle)),
            TrainRows = Cards is null ? options.Train?.Rows : null,
            Cards = Cards,
            Shadow = ShadowReport.Of(options.ShadowUsd, [.. world.Arms.Select(a => a.Id)], outcomes),
            DecideMicros = TimingSummary.Of(outcomes.SelectMany(o => o.DecideMicros)),
            UpdateMicros = TimingSummary.Of(outcomes.SelectMany(o => o.UpdateMicros)),
        };
    }

    /// <summary>Mean, spread over seeds, and bootstrap interval over queries and seeds.</summary>
    /// <param name="seeds">Per seed, rows and their values.</param>
    public static RewardSummary Summary(IReadOnlyList<(int[] Rows, double[] Values)> seeds)
    {
        var moments = SampleMoments.Of([.. seeds.Select(s => s.Values.Average())]);
        var (lower, upper) = CrossedBootstrap.MeanInterval(seeds, BootstrapResamples, BootstrapSeed);
        return new RewardSummary(moments.Mean, moments.StandardDeviation, [lower, upper]);
    }

    /// <summary>Element by element, the first minus the second.</summary>
    public static double[] Difference(ReadOnlySpan<double> values, ReadOnlySpan<double> subtracted)
    {
        var difference = new double[values.Length];
        for (var i = 0; i < difference.Length; i++)
        {
            difference[i] = values[i] - subtracted[i];
        }

        return difference;
    }

    private Dictionary<string, double> Shares(IEnumerable<int> choices)
    {
        var counts = new double[world.Arms.Count];
        foreach (var arm in choices)
        {
            counts[arm]++;
        }

        return world.Arms.Select((arm, i) => (arm.Id, Share: counts[i] / counts.Sum())).ToDictionary(a => a.Id, a => a.Share);
    }

    private ReferencePoint Mean(Func<SeedReferences, CostRewardPoint> reference)
    {
        var points = references.Select(r => r.Mean(reference)).ToArray();
        return new ReferencePoint(points.Average(p => p.Reward), points.Average(p => p.Cost));
    }
}
