using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Means;

/// <summary>Policies that ignore the query: they know every arm's mean reward and mean cost, from warm-start rows and from what they chose.</summary>
internal abstract class MeansPolicy(PolicySetup setup) : ModelledPolicy(setup)
{
    private readonly double _firstPulls = setup.Options["firstPulls"];
    private ArmMeans[] _means = [];

    protected static PolicyOption FirstPulls { get; } =
        new("firstPulls", 10, 0, 100000, "Rewards that every arm gets before means are trusted; warm-start rows count.");

    protected double MeanReward(int arm) => _means[arm].Reward;

    protected double MeanCost(int arm) => _means[arm].Cost;

    /// <summary>Spreads probability by the means.</summary>
    protected abstract void Commit(in DecisionQuery query, DecisionScores scores);

    protected override void Choose(in DecisionQuery query, ReadOnlySpan<double> x, DecisionScores scores)
    {
        var least = -1;
        for (var a = 0; a < Arms.Length; a++)
        {
            scores.Quality[a] = MeanReward(a);
            scores.QualityDeviation[a] = 0.5 / Math.Sqrt(1 + _means[a].Rewards);
            if (query.Feasible[a] && Experience(a) < _firstPulls && (least < 0 || Experience(a) < Experience(least)))
            {
                least = a;
            }
        }

        Choice.Score(query, scores, Arms.Length);
        if (least >= 0)
        {
            Choice.Certain(least, scores);
        }
        else
        {
            Commit(query, scores);
        }
    }

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x) =>
        _means[observation.Arm].Observe(observation.Reward, observation.PreviousReward, observation.CostUsd);

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        var means = new ArmMeans[previous.Length];
        for (var a = 0; a < means.Length; a++)
        {
            means[a] = previous[a] >= 0 ? _means[previous[a]] : new ArmMeans();
        }

        _means = means;
    }

    protected override void OnWarmStart(IReadOnlyList<WarmStartRow> rows)
    {
        foreach (var row in rows)
        {
            for (var a = 0; a < Arms.Length; a++)
            {
                _means[a].Observe(row.Rewards[a], double.NaN, row.CostUsd[a]);
            }
        }
    }

    protected override void WriteModel(StateWriter writer)
    {
        writer.Section("means");
        foreach (var mean in _means)
        {
            mean.Write(writer);
        }
    }

    protected override void ReadModel(ref StateReader reader)
    {
        reader.Expect("means");
        for (var a = 0; a < _means.Length; a++)
        {
            _means[a] = ArmMeans.Read(ref reader);
        }
    }

    // Choices whose reward is still on its way count too: otherwise delay would make first pulls endless.
    private double Experience(int arm) => Math.Max(_means[arm].Rewards, Counters[arm].Pulls);
}
