namespace MetaLlm.Core.Bandits.Linear;

/// <summary>The best arm by ridge regression, and every feasible arm with a small fixed probability (Sutton and Barto, 2.2).</summary>
internal sealed class EpsilonGreedyPolicy(PolicySetup setup) : LinearPolicy(setup)
{
    private readonly double _epsilon = setup.Options["epsilon"];

    public static PolicyDescriptor Descriptor { get; } = new(
        "epsilon-greedy",
        1,
        "Ridge per arm, the best arm but for a fixed share of uniform choices.",
        [new("epsilon", 0.05, 0, 1, "Share of decisions spread evenly over all feasible arms."), Gamma, Ridge],
        setup => new EpsilonGreedyPolicy(setup));

    protected override double Alpha => 0;

    protected override void Spread(in DecisionQuery query, DecisionScores scores)
    {
        var share = _epsilon / Choice.Count(query.Feasible);
        for (var a = 0; a < Arms.Length; a++)
        {
            scores.Propensity[a] = query.Feasible[a] ? share : 0;
        }

        Choice.Remainder(scores.Greedy, scores);
    }
}
