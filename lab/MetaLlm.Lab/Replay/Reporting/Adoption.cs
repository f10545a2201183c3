using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>Measures when a new arm is taken up.</summary>
internal static class Adoption
{
    private const int Window = 50;
    private const double LeastShare = 0.05;
    private const double Kept = 0.5;

    /// <summary>Measures all seeds; see <see cref="AdoptionReport"/> for the definitions.</summary>
    /// <param name="arm">Index of the arm that joins when the second phase begins.</param>
    /// <param name="outcomes">What happened, by seed.</param>
    public static AdoptionReport Of(int arm, IReadOnlyList<SeedOutcome> outcomes)
    {
        var shares = outcomes.Select(o => Share(o.Choices.AsSpan(o.PhaseStarts[^1]), arm)).ToArray();
        var adopting = outcomes.Where((_, s) => shares[s] >= LeastShare).ToArray();
        var steps = outcomes.Select((o, s) => shares[s] >= LeastShare ? Step(o, arm, Kept * shares[s]) : null).OfType<int>().ToArray();
        return new AdoptionReport(
            adopting.Length,
            outcomes.Count - adopting.Length,
            steps.Length > 0 ? Percentile.Of([.. steps.Select(s => (double)s)], 0.5)[0] : null,
            steps.Length > 0 ? steps.Max() : null,
            shares.Average());
    }

    private static int? Step(SeedOutcome outcome, int arm, double level)
    {
        var choices = outcome.Choices.AsSpan(outcome.PhaseStarts[1]);
        var kept = 0;
        for (var end = Window; end <= choices.Length; end++)
        {
            kept = Share(choices.Slice(end - Window, Window), arm) >= level ? kept + 1 : 0;
            if (kept > Window)
            {
                return end - Window;
            }
        }

        return null;
    }

    private static double Share(ReadOnlySpan<int> choices, int arm) => choices.Count(arm) / (double)choices.Length;
}
