namespace MetaLlm.Core.Bandits.Linear;

/// <summary>
/// SquareCB (Foster and Rakhlin 2020): inverse-gap weighting around the best arm of a regression, p_a = 1 / (K + g_t * gap_a), the rest to the best.
/// </summary>
internal sealed class SquareCbPolicy(PolicySetup setup) : LinearPolicy(setup)
{
    private readonly double _scale = setup.Options["gammaScale"];
    private readonly double _exponent = setup.Options["gammaExponent"];

    public static PolicyDescriptor Descriptor { get; } = new(
        "squarecb",
        1,
        "SquareCB: ridge per arm, inverse-gap weighting with exact propensities (Foster and Rakhlin 2020).",
        [
            new("gammaScale", 50, 0, 1e9, "g_t = gammaScale * t^gammaExponent, in units of 1 / quality: the larger, the greedier."),
            new("gammaExponent", 0.5, 0, 2, "How g_t grows with the decision's ordinal t."),
            Gamma,
            Ridge,
        ],
        setup => new SquareCbPolicy(setup));

    protected override double Alpha => 0;

    protected override void Spread(in DecisionQuery query, DecisionScores scores)
    {
        var feasible = Choice.Count(query.Feasible);
        var g = _scale * Math.Pow(Math.Max(1, query.Ordinal), _exponent);
        for (var a = 0; a < Arms.Length; a++)
        {
            scores.Propensity[a] = query.Feasible[a] ? 1 / (feasible + (g * (scores.Score[scores.Greedy] - scores.Score[a]))) : 0;
        }

        Choice.Remainder(scores.Greedy, scores);
    }
}
