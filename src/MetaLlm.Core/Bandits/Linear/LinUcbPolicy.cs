namespace MetaLlm.Core.Bandits.Linear;

/// <summary>
/// MetaLLM (arXiv 2407.10834): LinUCB (Li et al. 2010) on the reward quality - p * cost. The reward is linear in both parts, so keeping their
/// sums apart gives the same score for a constant p, and allows p to move with a budget.
/// </summary>
internal sealed class LinUcbPolicy(PolicySetup setup) : LinearPolicy(setup)
{
    public static PolicyDescriptor Descriptor { get; } = new(
        "linucb",
        1,
        "MetaLLM's rule: ridge and upper confidence bound per arm on quality - p * cost (arXiv 2407.10834).",
        [new("alpha", 0.1, 0, 100, "Bonus in units of sqrt(x' A^-1 x)."), Gamma, Ridge],
        setup => new LinUcbPolicy(setup));

    protected override double Alpha { get; } = setup.Options["alpha"];

    protected override void Spread(in DecisionQuery query, DecisionScores scores) => Choice.Certain(scores.Greedy, scores);
}
