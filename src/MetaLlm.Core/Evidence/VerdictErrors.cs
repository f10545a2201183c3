using MetaLlm.Core.Judging;

namespace MetaLlm.Core.Evidence;

/// <summary>
/// How far verdicts differ from rewards, by the answers that have both: E[v | y] = e_0 + b y with b = 1 - e_0 - e_1, and the variance of v about it.
/// e_1 is what a verdict lacks where the answer was right, e_0 what it has too much where it was wrong. Both are drawn to their common mean, and that to none. Not safe for concurrent use.
/// </summary>
internal sealed class VerdictErrors
{
    // Answers' worth of verdicts that say what the reward does.
    private const double ExactPairs = 4;

    // Answers' worth of the errors at all answers in those at right ones, and at wrong ones.
    private const double CommonPairs = 20;

    // Of rewards that are as likely good as bad.
    private const double LargestVariance = 0.25;

    // One-sided, 75 %.
    private const double Deviations = 0.6744897501960817;

    private PairSums _sums;
    private double _right;
    private double _lacking;
    private double _wrong;
    private double _excess;

    /// <summary>Answers that have both.</summary>
    public double Pairs => _sums.W;

    /// <summary>Whether verdicts say what rewards do, as far as was seen.</summary>
    public bool IsNone => Pairs == 0 || (Excess == 0 && Lacking == 0 && Noise == 0);

    /// <summary>e_0.</summary>
    public double Excess => (_excess + (CommonPairs * Common)) / (_wrong + CommonPairs);

    /// <summary>b.</summary>
    public double Slope => 1 - Excess - Lacking;

    /// <summary>Variance of a verdict where the reward is known.</summary>
    public double Noise => Math.Max(0, Squares()) / (Pairs + ExactPairs);

    /// <summary>The share of what varies in verdicts that is due to rewards, 0 to 1; at a lower bound of b.</summary>
    public double Reliability
    {
        get
        {
            if (IsNone)
            {
                return 1;
            }

            var error = Math.Sqrt(Noise / (LargestVariance * (Pairs + ExactPairs)));
            var signal = Math.Max(0, Slope - (Deviations * error));
            signal *= signal * LargestVariance;
            return signal / (signal + Noise);
        }
    }

    private double Lacking => (_lacking + (CommonPairs * Common)) / (_right + CommonPairs);

    private double Common => (_lacking + _excess) / (_right + _wrong + ExactPairs);

    /// <summary>Takes in an answer that has both, or takes one back.</summary>
    /// <param name="verdict">v, 0 to 1.</param>
    /// <param name="reward">y, 0 to 1.</param>
    /// <param name="times">1 or -1.</param>
    public void Add(double verdict, double reward, int times)
    {
        _sums = times > 0 ? _sums.With(verdict, reward, 1) : _sums.Minus(default(PairSums).With(verdict, reward, 1));
        var distance = times * ((2 * reward) - 1);
        if (reward > 0.5)
        {
            _right += distance;
            _lacking += times * (reward - verdict);
        }
        else
        {
            _wrong -= distance;
            _excess += times * (verdict - reward);
        }
    }

    // Sum of (v - e_0 - b y)^2.
    private double Squares()
    {
        var (e, b) = (Excess, Slope);
        return _sums.FF + (e * e * _sums.W) + (b * b * _sums.YY) - (2 * e * _sums.F) - (2 * b * _sums.FY) + (2 * e * b * _sums.Y);
    }
}
