namespace MetaLlm.Core.Bandits.Uniform;

/// <summary>Every feasible arm with the same probability: the yardstick, and the best log for evaluating other policies.</summary>
internal sealed class RandomPolicy(PolicySetup setup) : KnowledgeFreePolicy(setup)
{
    public static PolicyDescriptor Descriptor { get; } = new(
        "random", 1, "Every feasible arm with the same probability.", [], setup => new RandomPolicy(setup));

    protected override void Spread(in DecisionQuery query, DecisionScores scores)
    {
        var share = 1.0 / Choice.Count(query.Feasible);
        for (var a = 0; a < Arms.Length; a++)
        {
            scores.Propensity[a] = query.Feasible[a] ? share : 0;
        }
    }
}
