namespace MetaLlm.Evaluation.Estimation;

/// <summary>
/// Confidence sequence for the value of a policy from adaptively logged decisions (Waudby-Smith, Wu, Ramdas, Karampatziakis and Mineiro 2022,
/// arXiv 2210.10768): its interval holds at every length of the log at once, so that one may look as often as one likes and stop at will.
/// It needs no bound on the importance weights.
/// </summary>
/// <remarks>
/// Lower end, with terms phi_i &gt;= -k, xi_i = phi_i / (k + 1) and any lambda_i in [0, 1), centre c_i &lt;= 1 / (k + 1) known before term i:
/// (sum lambda_i xi_i - ln(1 / alpha) - sum psi(lambda_i) (xi_i - c_i)^2) / sum lambda_i, times k + 1; psi(l) = -ln(1 - l) - l.
/// The upper end is one minus the lower end for rewards 1 - r.
/// </remarks>
internal static class EmpiricalBernsteinSequence
{
    private const double LargestBet = 0.5;
    private const double PriorVariance = 0.25;

    /// <summary>The interval after all terms.</summary>
    /// <param name="samples">Logged decisions in order; rewards and models in [0, 1].</param>
    /// <param name="floor">k: 0 for the terms of IPS; above 0 for those of DR, with the model cut to k / weight so that no term is below -k.</param>
    /// <param name="alpha">Probability, 0 to 1, that the interval misses at any time; half of it for each end.</param>
    /// <returns>Lower and upper end, within [0, 1].</returns>
    public static double[] Interval(IReadOnlyList<OffPolicySample> samples, double floor, double alpha)
    {
        if (!(alpha > 0 && alpha < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The probability of a miss must be above 0 and below 1.");
        }

        var lower = Lower(samples.Select(s => Term(s, floor, opposite: false)), floor, alpha / 2);
        var upper = 1 - Lower(samples.Select(s => Term(s, floor, opposite: true)), floor, alpha / 2);
        return [Math.Clamp(lower, 0, 1), Math.Clamp(upper, 0, 1)];
    }

    private static double Term(OffPolicySample sample, double floor, bool opposite)
    {
        double Cut(int arm)
        {
            var weight = sample.Target[arm] / sample.Logging[arm];
            return Math.Min(opposite ? 1 - sample.Model[arm] : sample.Model[arm], floor / weight);
        }

        var reward = opposite ? 1 - sample.Reward : sample.Reward;
        if (floor == 0)
        {
            return sample.Weight * reward;
        }

        var direct = 0.0;
        for (var a = 0; a < sample.Target.Length; a++)
        {
            direct += sample.Target[a] > 0 && sample.Logging[a] > 0 ? sample.Target[a] * Cut(a) : 0;
        }

        return sample.Target[sample.Arm] > 0 ? direct + (sample.Weight * (reward - Cut(sample.Arm))) : direct;
    }

    private static double Lower(IEnumerable<double> terms, double floor, double alpha)
    {
        var scale = floor + 1;
        var log = Math.Log(1 / alpha);
        double weighted = 0, bets = 0, penalty = 0;
        var (sum, squares) = (0.5 / scale, PriorVariance / (scale * scale));
        var t = 0;
        foreach (var term in terms)
        {
            t++;
            var xi = term / scale;
            var centre = Math.Min(sum / t, 1 / scale);
            var bet = Math.Min(LargestBet, Math.Sqrt(2 * log / (squares * Math.Log(1 + t))));
            weighted += bet * xi;
            bets += bet;
            penalty += (-Math.Log(1 - bet) - bet) * (xi - centre) * (xi - centre);
            sum += xi;
            squares += (xi - centre) * (xi - centre);
        }

        return bets > 0 ? (weighted - log - penalty) / bets * scale : 0;
    }
}
