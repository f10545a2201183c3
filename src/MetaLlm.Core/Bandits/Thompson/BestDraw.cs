namespace MetaLlm.Core.Bandits.Thompson;

/// <summary>
/// Thompson sampling without sampling: the probability that an arm's draw is the largest of independent draws, p_a = integral of
/// dF_a(t) prod_{b != a} F_b(t), over a grid of 64 intervals that spans where the largest draw can lie. The choice is then made with these very
/// probabilities, so they are its exact propensities whatever the grid leaves out.
/// </summary>
internal sealed class BestDraw
{
    private const int Intervals = 64;
    private const int Points = Intervals + 1;
    private const double Reach = 6;
    private const double SmallestDeviation = 1e-12;

    private double[] _cumulative = [];
    private double[] _middle = [];
    private double[] _suffix = [];
    private double _low;
    private double _high;

    public void Resize(int arms)
    {
        _cumulative = new double[arms * Points];
        _middle = new double[arms];
        _suffix = new double[arms + 1];
    }

    /// <summary>Forgets the grid of the last query.</summary>
    public void Begin() => (_low, _high) = (double.NegativeInfinity, double.NegativeInfinity);

    /// <summary>Widens the grid for a feasible arm's draw; every one must be announced before the first distribution.</summary>
    public void Cover(double mean, double deviation)
    {
        var reach = Reach * Math.Max(SmallestDeviation * Math.Max(1, Math.Abs(mean)), deviation);
        _low = Math.Max(_low, mean - reach);
        _high = Math.Max(_high, mean + reach);
    }

    /// <summary>A draw with a normal distribution.</summary>
    public void Gaussian(int arm, double mean, double deviation)
    {
        var scale = Math.Max(SmallestDeviation * Math.Max(1, Math.Abs(mean)), deviation);
        for (var j = 0; j < Points; j++)
        {
            _cumulative[(arm * Points) + j] = NormalDistribution.Cumulative((At(j) - mean) / scale);
        }
    }

    /// <summary>A draw that is weight * B - shift, B with a Beta distribution.</summary>
    public void Beta(int arm, in BetaDistribution distribution, double weight, double shift)
    {
        for (var j = 0; j < Points; j++)
        {
            _cumulative[(arm * Points) + j] = distribution.Cumulative((At(j) + shift) / weight);
        }
    }

    /// <summary>Sets propensities of the feasible arms.</summary>
    public void Probabilities(ReadOnlySpan<bool> feasible, DecisionScores scores)
    {
        Array.Clear(scores.Propensity);
        for (var j = 0; j < Intervals; j++)
        {
            Accumulate(j, feasible, scores.Propensity);
        }

        var total = 0.0;
        foreach (var p in scores.Propensity)
        {
            total += p;
        }

        for (var a = 0; a < scores.Propensity.Length; a++)
        {
            scores.Propensity[a] /= total;
        }

        Choice.Remainder(Largest(scores.Propensity), scores);
    }

    private void Accumulate(int interval, ReadOnlySpan<bool> feasible, double[] propensity)
    {
        var arms = propensity.Length;
        _suffix[arms] = 1;
        for (var a = arms - 1; a >= 0; a--)
        {
            var at = (a * Points) + interval;
            _middle[a] = feasible[a] ? 0.5 * (_cumulative[at] + _cumulative[at + 1]) : 1;
            _suffix[a] = _suffix[a + 1] * _middle[a];
        }

        var prefix = 1.0;
        for (var a = 0; a < arms; a++)
        {
            if (feasible[a])
            {
                var at = (a * Points) + interval;
                propensity[a] += Math.Max(0, _cumulative[at + 1] - _cumulative[at]) * prefix * _suffix[a + 1];
            }

            prefix *= _middle[a];
        }
    }

    private static int Largest(double[] values)
    {
        var largest = 0;
        for (var a = 1; a < values.Length; a++)
        {
            largest = values[a] > values[largest] ? a : largest;
        }

        return largest;
    }

    private double At(int point) => _low + ((_high - _low) * point / Intervals);
}
