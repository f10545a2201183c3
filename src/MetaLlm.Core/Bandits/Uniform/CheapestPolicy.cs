namespace MetaLlm.Core.Bandits.Uniform;

/// <summary>The arm whose call is predicted to cost least.</summary>
internal sealed class CheapestPolicy(PolicySetup setup) : KnowledgeFreePolicy(setup)
{
    public static PolicyDescriptor Descriptor { get; } = new(
        "cheapest", 1, "The arm whose call is predicted to cost least.", [], setup => new CheapestPolicy(setup));

    protected override void Spread(in DecisionQuery query, DecisionScores scores)
    {
        for (var a = 0; a < Arms.Length; a++)
        {
            scores.Score[a] = query.Feasible[a] ? -scores.CostUsd[a] : double.NegativeInfinity;
        }

        scores.Greedy = Choice.Best(query.Feasible, scores.Score, scores.CostUsd, Arms.Length);
        Choice.Certain(scores.Greedy, scores);
    }
}
