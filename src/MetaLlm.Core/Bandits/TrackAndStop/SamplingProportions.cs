namespace MetaLlm.Core.Bandits.TrackAndStop;

/// <summary>
/// Proportions of pulls that identify the best of arms with normal rewards of one variance soonest (Garivier and Kaufmann 2016, theorem 5).
/// With Delta_a the gap to the best arm, x_a(y) = y / (Delta_a^2 / 2 - y) pulls of a per pull of the best give every rival the same
/// evidence y; the optimum is where the squares of x_a sum to 1.
/// </summary>
internal static class SamplingProportions
{
    private const int Bisections = 60;

    /// <summary>Solves for the proportions.</summary>
    /// <param name="feasible">Which arms take part; at least two.</param>
    /// <param name="score">Mean of each arm.</param>
    /// <param name="best">The arm of the highest mean.</param>
    /// <param name="tolerance">Added to every gap, above 0.</param>
    /// <param name="share">Receives proportions that sum to 1; 0 for arms that do not take part.</param>
    public static void Solve(ReadOnlySpan<bool> feasible, ReadOnlySpan<double> score, int best, double tolerance, Span<double> share)
    {
        var smallest = double.PositiveInfinity;
        for (var a = 0; a < share.Length; a++)
        {
            share[a] = 0;
            if (feasible[a] && a != best)
            {
                smallest = Math.Min(smallest, Evidence(score[best] - score[a] + tolerance));
            }
        }

        var (low, high) = (0.0, smallest);
        for (var i = 0; i < Bisections; i++)
        {
            var y = 0.5 * (low + high);
            (low, high) = SquaredPulls(feasible, score, best, tolerance, y) > 1 ? (low, y) : (y, high);
        }

        var total = 1.0;
        for (var a = 0; a < share.Length; a++)
        {
            if (feasible[a] && a != best)
            {
                share[a] = Pulls(score[best] - score[a] + tolerance, low);
                total += share[a];
            }
        }

        share[best] = 1;
        for (var a = 0; a < share.Length; a++)
        {
            share[a] /= total;
        }
    }

    private static double SquaredPulls(ReadOnlySpan<bool> feasible, ReadOnlySpan<double> score, int best, double tolerance, double y)
    {
        var sum = 0.0;
        for (var a = 0; a < score.Length; a++)
        {
            if (feasible[a] && a != best)
            {
                var pulls = Pulls(score[best] - score[a] + tolerance, y);
                sum += pulls * pulls;
            }
        }

        return sum;
    }

    private static double Evidence(double gap) => 0.5 * gap * gap;

    private static double Pulls(double gap, double y) => y / Math.Max(double.Epsilon, Evidence(gap) - y);
}
