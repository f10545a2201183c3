using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Uniform;

/// <summary>Policies whose choice does not depend on rewards. The quality they report is the arm's mean so far.</summary>
internal abstract class KnowledgeFreePolicy(PolicySetup setup) : ModelledPolicy(setup)
{
    /// <summary>Sets propensities; scores by the ordinary rule are there already.</summary>
    protected abstract void Spread(in DecisionQuery query, DecisionScores scores);

    protected override void Choose(in DecisionQuery query, ReadOnlySpan<double> x, DecisionScores scores)
    {
        for (var a = 0; a < Arms.Length; a++)
        {
            scores.Quality[a] = Counters[a].Rewards == 0 ? 0.5 : Counters[a].MeanReward;
            scores.QualityDeviation[a] = 0.5 / Math.Sqrt(1 + Counters[a].Rewards);
        }

        Choice.Score(query, scores, Arms.Length);
        Spread(query, scores);
    }

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        // The counters have it already, and no choice depends on it.
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        // Nothing is kept per arm beside the counters.
    }

    protected override void OnWarmStart(IReadOnlyList<WarmStartRow> rows)
    {
        // Rewards would not change the choice.
    }

    protected override void WriteModel(StateWriter writer) => writer.Section("knowledge-free");

    protected override void ReadModel(ref StateReader reader) => reader.Expect("knowledge-free");
}
