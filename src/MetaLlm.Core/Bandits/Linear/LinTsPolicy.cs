using MetaLlm.Core.Bandits.Thompson;

namespace MetaLlm.Core.Bandits.Linear;

/// <summary>
/// Linear Thompson sampling (Agrawal and Goyal 2013) with one regression an arm: coefficients are drawn from their posterior. Instead of drawing
/// them, the probability that an arm's draw is the best is integrated, so that every choice has a propensity.
/// </summary>
internal sealed class LinTsPolicy(PolicySetup setup) : LinearPolicy(setup)
{
    private readonly double _scale = setup.Options["scale"];
    private readonly BestDraw _draw = new();

    public static PolicyDescriptor Descriptor { get; } = new(
        "lin-ts",
        1,
        "Linear Thompson sampling, one posterior per arm, exact choice probabilities (Agrawal and Goyal 2013).",
        [new("scale", 0.15, 0, 100, "Posterior standard deviation in units of sqrt(x' A^-1 x)."), Gamma, Ridge],
        setup => new LinTsPolicy(setup));

    protected override double Alpha => 0;

    protected override void Spread(in DecisionQuery query, DecisionScores scores)
    {
        _draw.Begin();
        for (var a = 0; a < Arms.Length; a++)
        {
            if (query.Feasible[a])
            {
                _draw.Cover(scores.Score[a], query.QualityWeight * _scale * scores.QualityDeviation[a]);
            }
        }

        for (var a = 0; a < Arms.Length; a++)
        {
            if (query.Feasible[a])
            {
                _draw.Gaussian(a, scores.Score[a], query.QualityWeight * _scale * scores.QualityDeviation[a]);
            }
        }

        _draw.Probabilities(query.Feasible, scores);
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        base.OnArms(previous);
        _draw.Resize(previous.Length);
    }
}
