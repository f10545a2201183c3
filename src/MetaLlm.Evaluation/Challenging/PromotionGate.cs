using System.Globalization;

namespace MetaLlm.Evaluation.Challenging;

/// <summary>When a challenger may take the champion's place.</summary>
/// <param name="Margin">What the least of the difference must be above, in units of reward.</param>
/// <param name="LeastDecisions">Fewest decisions with feedback.</param>
/// <param name="LeastEffective">Fewest decisions of the challenger itself that the log must be worth.</param>
internal sealed record PromotionGate(double Margin, long LeastDecisions, double LeastEffective)
{
    /// <summary>Why the gate is shut.</summary>
    /// <param name="figures">What the log says.</param>
    /// <returns>Sentences for people; none where it is open.</returns>
    public IReadOnlyList<string> Reasons(TrialFigures figures)
    {
        var reasons = new List<string>();
        if (figures.Behind > 0)
        {
            reasons.Add($"It has {Count(figures.Behind)} decisions of the log still to read.");
        }

        if (figures.Counted < LeastDecisions)
        {
            reasons.Add($"It needs {Count(LeastDecisions - figures.Counted)} more decisions with feedback: {Count(figures.Counted)} of {Count(LeastDecisions)} are there.");
        }

        if (figures.Counted > 0 && figures.EffectiveDecisions < LeastEffective)
        {
            reasons.Add(
                $"The log is worth {Count(Math.Floor(figures.EffectiveDecisions))} decisions of the challenger, and {Count(Math.Ceiling(LeastEffective))} are needed. "
                + $"With an explorationFloor of {figures.Exploring.Floor.ToString(CultureInfo.InvariantCulture)}, {Count(Math.Ceiling(figures.Exploring.Decisions * LeastEffective / 100))} decisions with feedback would do.");
        }

        if (figures.Counted > 0 && !(figures.Lower > Margin))
        {
            reasons.Add(figures.Upper <= Margin
                ? $"The difference is at most {Number(figures.Upper)}, which is not above the margin of {Number(Margin)}."
                : $"The difference is between {Number(figures.Lower)} and {Number(figures.Upper)}, which holds the margin of {Number(Margin)}.");
        }

        return reasons;
    }

    private static string Count(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
