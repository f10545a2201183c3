using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Uniform;

/// <summary>Every feasible arm with the same probability: the yardstick, and the best log for evaluating other policies.</summary>
internal sealed class RandomPolicy(PolicySetup setup) : ModelledPolicy(setup)
{
    public static PolicyDescriptor Descriptor { get; } = new(
        "random", 1, "Every feasible arm with the same probability.", [], setup => new RandomPolicy(setup));

    protected override void Choose(in DecisionQuery query, ReadOnlySpan<double> x, DecisionScores scores)
    {
        var share = 1.0 / Choice.Count(query.Feasible);
        for (var a = 0; a < Arms.Length; a++)
        {
            scores.Quality[a] = Counters[a].Rewards == 0 ? 0.5 : Counters[a].MeanReward;
            scores.QualityDeviation[a] = 0.5 / Math.Sqrt(1 + Counters[a].Rewards);
            scores.Propensity[a] = query.Feasible[a] ? share : 0;
        }

        Choice.Score(query, scores, Arms.Length);
    }

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        // The counters have it already; there is nothing else to learn.
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        // Nothing is kept per arm beside the counters.
    }

    protected override void OnWarmStart(IReadOnlyList<WarmStartRow> rows)
    {
        // Knowledge does not change the choice.
    }

    protected override void WriteModel(StateWriter writer) => writer.Section("random");

    protected override void ReadModel(ref StateReader reader) => reader.Expect("random");
}
