namespace MetaLlm.Core.Guarantees;

/// <summary>
/// Anytime-valid bounds of a rate at which something happens: they hold after every observation at once, so that one may look after each and stop at will. A mixture of betting
/// martingales of constant odds ratio, the sub-Bernoulli case of Howard, Ramdas, McAuliffe and Sekhon (2020, arXiv 1808.03204; 2021, arXiv 1810.08240).
/// </summary>
/// <remarks>
/// s of n observations happened, each observed with the probability <c>share</c> that its own outcome does not depend on. With bets f_j in (0, 1] of equal weight 1/J the wealth against a rate m is
/// W(m) = sum_j (1 - f_j)^s (1 - f_j share m)^-n / J, which rises with m; the upper bound is the m with W(m) = 1 / alpha. With mu_i the probability of the i-th given those before,
/// prod (1 - f)^x_i / (1 - f share mu_i) is a martingale, and ln(1 - f share mu) is concave: W(mean of the mu_i) is at most a martingale that starts at 1. So the mean of the mu_i ever exceeds the
/// bound with probability alpha at most, however the mu_i change.
/// </remarks>
public static class DifferenceBound
{
    private const int Halvings = 40;

    private static readonly double[] Bets = [0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.92, 1];

    /// <summary>The most that the rate is.</summary>
    /// <param name="count">Observations, n, at least 0.</param>
    /// <param name="happened">Those in which it happened, s, 0 to n.</param>
    /// <param name="alpha">Probability of being wrong ever, above 0 and below 1.</param>
    /// <returns>0 to 1; 1 without observations.</returns>
    public static double Upper(long count, long happened, double alpha) => Upper(count, happened, 1, alpha);

    /// <summary>The most that the rate among all is, where a share of them was looked at, drawn by a coin.</summary>
    /// <param name="count">All of them, looked at or not, n, at least 0.</param>
    /// <param name="happened">Those that were looked at and in which it happened, s, 0 to n.</param>
    /// <param name="share">Probability of being looked at, above 0 to 1.</param>
    /// <param name="alpha">Probability of being wrong ever, above 0 and below 1.</param>
    /// <returns>0 to 1; 1 without observations.</returns>
    public static double Upper(long count, long happened, double share, double alpha)
    {
        Check(count, happened, share, alpha);
        var wanted = Math.Log(1 / alpha);

        // What each bet lost where it happened does not depend on the rate.
        Span<double> lost = stackalloc double[Bets.Length];
        for (var j = 0; j < Bets.Length; j++)
        {
            lost[j] = happened == 0 ? 0 : happened * Math.Log(1 - Bets[j]);
        }

        if (count == 0 || LogWealth(count, lost, share) < wanted)
        {
            return 1;
        }

        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (LogWealth(count, lost, share * middle) < wanted)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return high;
    }

    /// <summary>The least that the rate among all is, where a share of them was looked at.</summary>
    /// <inheritdoc cref="Upper(long, long, double, double)"/>
    public static double Lower(long count, long happened, double share, double alpha)
    {
        Check(count, happened, share, alpha);
        return Math.Clamp((1 - Upper(count, count - happened, 1, alpha)) / share, 0, 1);
    }

    // ln W, by the largest of its terms so that nothing overflows.
    private static double LogWealth(long count, ReadOnlySpan<double> lost, double rate)
    {
        Span<double> terms = stackalloc double[Bets.Length];
        var largest = double.NegativeInfinity;
        for (var j = 0; j < Bets.Length; j++)
        {
            terms[j] = lost[j] - (count * Math.Log(1 - (Bets[j] * rate)));

            // All was lost before anything could be won.
            terms[j] = double.IsNaN(terms[j]) ? double.NegativeInfinity : terms[j];
            largest = Math.Max(largest, terms[j]);
        }

        if (double.IsInfinity(largest))
        {
            return largest;
        }

        var sum = 0.0;
        foreach (var term in terms)
        {
            sum += Math.Exp(term - largest);
        }

        return largest + Math.Log(sum / Bets.Length);
    }

    private static void Check(long count, long happened, double share, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (happened < 0 || happened > count)
        {
            throw new ArgumentOutOfRangeException(nameof(happened), happened, $"It must be 0 to {count}.");
        }

        if (!(share is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share must be above 0 and at most 1.");
        }

        if (!(alpha is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The probability of being wrong must be above 0 and below 1.");
        }
    }
}
