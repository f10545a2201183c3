using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Worlds;
using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>Reports a scenario phase by phase.</summary>
/// <param name="world">What was played.</param>
/// <param name="references">References by seed, in the order of the outcomes.</param>
internal sealed class ScenarioReportBuilder(ReplayWorld world, IReadOnlyList<PhasedReferences> references)
{
    private const int SettlingRequests = 300;
    private const int RecoveryWindow = 50;
    private const double RecoveredShare = 0.98;
    private const int LeastBin = 10;
    private const int Bins = 60;

    /// <summary>Builds the report of one policy and trade-off.</summary>
    /// <param name="tradeOff">The trade-off.</param>
    /// <param name="outcomes">What happened, by seed.</param>
    /// <param name="mixRewards">By seed, the expected rewards of each phase's static mix at the realised cost.</param>
    public ScenarioReport Build(TradeOff tradeOff, IReadOnlyList<SeedOutcome> outcomes, IReadOnlyList<double[]> mixRewards) => new()
    {
        Name = world.Scenario!,
        Arm = world.Subject is { } subject ? world.Arms[subject].Id : null,
        Phases = [.. world.Phases.Select((_, p) => Phase(p, tradeOff, outcomes, mixRewards))],
        Adoption = world.SubjectJoins ? Adoption.Of(world.Subject!.Value, outcomes) : null,
        Curves = Curves(outcomes),
    };

    private PhaseReport Phase(int p, TradeOff tradeOff, IReadOnlyList<SeedOutcome> outcomes, IReadOnlyList<double[]> mixRewards)
    {
        var parts = outcomes.Select(o => Range(o, p)).ToArray();
        double[] Slice(int seed, double[] values) => values[parts[seed]];
        var seeds = Enumerable.Range(0, outcomes.Count).ToArray();
        double[][] rewards = [.. seeds.Select(s => Slice(s, outcomes[s].Rewards))];
        double[][] costs = [.. seeds.Select(s => Slice(s, outcomes[s].CostUsd))];
        int[][] rows = [.. seeds.Select(s => outcomes[s].Rows[parts[s]])];
        var cost = SpreadSummary.Of([.. costs.Select(c => c.Average())]);
        var settled = Settled(p, rows, rewards);
        return new PhaseReport
        {
            Name = world.Phases[p].Name,
            Queries = rows[0].Length,
            Reward = ReplayReportBuilder.Summary([.. seeds.Select(s => (rows[s], rewards[s]))]),
            Cost = cost,
            Utilisation = cost.Mean / tradeOff.Budget,
            Worst100 = costs.Max(c => SpendMeasures.MostExpensiveWindow(c)) / tradeOff.Budget,
            Gain = ReplayReportBuilder.Summary(
                [.. seeds.Select(s => (rows[s], ReplayReportBuilder.Difference(rewards[s], Slice(s, mixRewards[s]))))]),
            LiftOverFirstPhase = SpreadSummary.Of(
                [.. seeds.Select(s => rewards[s].Average() - outcomes[s].Rewards[Range(outcomes[s], 0)].Average())]),
            Shares = world.Phases[p].Indices.ToDictionary(
                a => world.Arms[a].Id, a => seeds.Average(s => Share(outcomes[s].Choices[parts[s]], a))),
            BestSingle = Mean(p, r => r.BestSingle),
            BestPerTask = Mean(p, r => r.BestPerTask),
            Oracle = Mean(p, r => r.Oracle),
            Settled = settled,
            RecoveryQueries = Recovery(rewards, RecoveredShare * settled.Reward),
        };
    }

    private static Range Range(SeedOutcome outcome, int p) =>
        outcome.PhaseStarts[p]..(p + 1 < outcome.PhaseStarts.Count ? outcome.PhaseStarts[p + 1] : outcome.Rows.Length);

    private ReferencePoint Mean(int p, Func<SeedReferences, CostRewardPoint> reference) =>
        new(references.Average(r => reference(r.Phases[p]).Reward), references.Average(r => reference(r.Phases[p]).Cost));

    private static double Share(int[] choices, int arm) => choices.Count(c => c == arm) / (double)choices.Length;

    private SettledReward Settled(int p, int[][] rows, double[][] rewards)
    {
        var phase = world.Phases[p];
        var after = Math.Min(SettlingRequests, rows[0].Length / 2);
        var reward = rewards.Average(r => r.Skip(after).Average());
        var best = rows.Average(r => new SeedReferences([.. r.Skip(after).Select(row => phase.Rows[row])], phase.Available).BestPerTask.Reward);
        return new SettledReward(after, reward, best, best > 0 ? reward / best : 1);
    }

    private static int? Recovery(double[][] rewards, double recovered)
    {
        var length = rewards.Min(r => r.Length);
        for (var start = 0; start + RecoveryWindow <= length; start++)
        {
            if (rewards.Average(r => r.AsSpan(start, RecoveryWindow).ToArray().Average()) >= recovered)
            {
                return start;
            }
        }

        return null;
    }

    private ScenarioCurves Curves(IReadOnlyList<SeedOutcome> outcomes)
    {
        var length = outcomes.Min(o => o.Rows.Length);
        var bin = Math.Max(LeastBin, length / Bins);
        var ends = Enumerable.Range(1, length / bin).Select(i => i * bin).ToArray();
        double[] Means(Func<SeedOutcome, int, double> value) =>
            [.. ends.Select(end => outcomes.Average(o => Enumerable.Range(end - bin, bin).Average(i => value(o, i))))];
        return new ScenarioCurves(
            ends,
            Means((o, i) => o.Rewards[i]),
            Means((o, i) => o.CostUsd[i]),
            world.Arms.Select((arm, a) => (arm.Id, Values: Means((o, i) => o.Choices[i] == a ? 1 : 0))).ToDictionary(c => c.Id, c => c.Values));
    }
}
