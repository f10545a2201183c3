using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Rollout;

/// <summary>
/// Confidence sequence of a mean of numbers from 0 to 1 (predictable plug-in empirical Bernstein; Waudby-Smith and Ramdas 2024, arXiv 2010.09686): a bound holds at every number of
/// observations at once, so that one may look after each and stop at will.
/// </summary>
/// <remarks>
/// With centre c_t the mean and v_t the variance of the t - 1 observations before (a prior observation of 1/2 with variance 1/4 included), l_t = min(1/2, sqrt(2 ln(1/alpha) / (v_t t ln(1 + t))))
/// and psi(l) = -ln(1 - l) - l: the mean is at least (sum l_t x_t - ln(1/alpha) - sum psi(l_t) (x_t - c_t)^2) / sum l_t, and at most the same with plus signs, each with probability 1 - alpha
/// for all t. The conditional mean of an observation, given those before, must be the same for all.
/// </remarks>
internal sealed class MeanSequence
{
    private const double LargestBet = 0.5;

    private double _sum = 0.5;
    private double _squares = 0.25;
    private double _weighted;
    private double _bets;
    private double _penalty;

    /// <summary>Observations.</summary>
    public long Count { get; private set; }

    /// <summary>Their mean; NaN without any.</summary>
    public double Mean => Count == 0 ? double.NaN : (_sum - 0.5) / Count;

    /// <summary>Takes in an observation.</summary>
    /// <param name="x">A number from 0 to 1.</param>
    /// <param name="alpha">Probability that a bound is ever wrong, the same for all observations.</param>
    public void Observe(double x, double alpha)
    {
        Count++;
        var centre = _sum / Count;
        var variance = _squares / Count;
        var bet = Math.Min(LargestBet, Math.Sqrt(2 * Math.Log(1 / alpha) / (variance * Count * Math.Log(1 + Count))));
        var away = (x - centre) * (x - centre);
        _weighted += bet * x;
        _bets += bet;
        _penalty += (-Math.Log(1 - bet) - bet) * away;
        _sum += x;
        _squares += away;
    }

    /// <summary>The least that the mean is.</summary>
    public double Lower(double alpha) => Count == 0 ? 0 : Math.Clamp((_weighted - Math.Log(1 / alpha) - _penalty) / _bets, 0, 1);

    /// <summary>The most that the mean is.</summary>
    public double Upper(double alpha) => Count == 0 ? 1 : Math.Clamp((_weighted + Math.Log(1 / alpha) + _penalty) / _bets, 0, 1);

    public void Write(StateWriter writer)
    {
        writer.Long(Count);
        writer.Double(_sum);
        writer.Double(_squares);
        writer.Double(_weighted);
        writer.Double(_bets);
        writer.Double(_penalty);
    }

    public static MeanSequence Read(ref StateReader reader) => new()
    {
        Count = reader.Long(),
        _sum = reader.Double(),
        _squares = reader.Double(),
        _weighted = reader.Double(),
        _bets = reader.Double(),
        _penalty = reader.Double(),
    };
}
