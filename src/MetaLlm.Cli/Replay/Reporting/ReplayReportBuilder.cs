using MetaLlm.Cli.Replay.Datasets;
using MetaLlm.Cli.Replay.Playing;
using MetaLlm.Cli.Statistics;

namespace MetaLlm.Cli.Replay.Reporting;

/// <summary>Turns the outcomes of all seeds of one policy and trade-off into a report.</summary>
/// <param name="dataset">The data set.</param>
/// <param name="references">References by seed, in the order of the outcomes.</param>
internal sealed class ReplayReportBuilder(ReplayDataset dataset, IReadOnlyList<SeedReferences> references)
{
    private const int BootstrapResamples = 1000;
    private const ulong BootstrapSeed = 95;
    private const int WindowRequests = 100;

    /// <summary>Builds the report.</summary>
    /// <param name="policy">Name of the policy.</param>
    /// <param name="tradeOff">Its trade-off.</param>
    /// <param name="outcomes">What happened, by seed.</param>
    public ReplayReport Build(string policy, TradeOff tradeOff, IReadOnlyList<SeedOutcome> outcomes)
    {
        double[] rewards = [.. outcomes.Select(o => o.Rewards.Average())];
        double[] costs = [.. outcomes.Select(o => o.CostUsd.Average())];
        var (lower, upper) = CrossedBootstrap.MeanInterval([.. outcomes.Select(o => (o.Rows, o.Rewards))], BootstrapResamples, BootstrapSeed);
        var reward = SampleMoments.Of(rewards);
        var cost = SpreadSummary.Of(costs);
        return new ReplayReport
        {
            Data = dataset.Name,
            Policy = policy,
            Budget = tradeOff.Budget,
            PriceWeight = tradeOff.PriceWeight,
            Seeds = outcomes.Count,
            Queries = outcomes[0].Rows.Length,
            Reward = new RewardSummary(reward.Mean, reward.StandardDeviation, [lower, upper]),
            Cost = cost,
            Utilisation = cost.Mean / tradeOff.Budget,
            Worst100 = outcomes.Max(o => DearestWindow(o.CostUsd)) / tradeOff.Budget,
            Regret = SpreadSummary.Of([.. outcomes.Select(Regret)]),
            Shares = Shares(outcomes),
            References = new ReferenceSummary(
                Mean(r => r.Random),
                Mean(r => r.Cheapest),
                Mean(r => r.BestSingle),
                new StaticMixPoint(references.Zip(costs, (r, c) => r.StaticMix.RewardAt(c)).Average()),
                Mean(r => r.Oracle)),
            DecideMicros = TimingSummary.Of(outcomes.SelectMany(o => o.DecideMicros)),
            UpdateMicros = TimingSummary.Of(outcomes.SelectMany(o => o.UpdateMicros)),
        };
    }

    private double Regret(SeedOutcome outcome) =>
        outcome.Rows.Zip(outcome.Rewards, (row, reward) => dataset.Rows[row].Score.Max() - reward).Sum();

    private Dictionary<string, double> Shares(IReadOnlyList<SeedOutcome> outcomes)
    {
        var counts = new double[dataset.Arms.Count];
        foreach (var arm in outcomes.SelectMany(o => o.Choices))
        {
            counts[arm]++;
        }

        return dataset.Arms.Select((arm, i) => (arm.Id, Share: counts[i] / counts.Sum())).ToDictionary(a => a.Id, a => a.Share);
    }

    private ReferencePoint Mean(Func<SeedReferences, CostRewardPoint> reference) =>
        new(references.Average(r => reference(r).Reward), references.Average(r => reference(r).Cost));

    // A stream shorter than the window is one window.
    private static double DearestWindow(double[] costs)
    {
        var length = Math.Min(WindowRequests, costs.Length);
        var sum = costs.Take(length).Sum();
        var dearest = sum;
        for (var i = length; i < costs.Length; i++)
        {
            sum += costs[i] - costs[i - length];
            dearest = Math.Max(dearest, sum);
        }

        return dearest / length;
    }
}
