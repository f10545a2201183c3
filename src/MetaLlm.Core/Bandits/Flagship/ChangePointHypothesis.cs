using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>
/// What an arm was believed to be before drift was found, kept beside what it is believed to be now, and the odds that it is its
/// earlier hypothesis again: a two-state change-point test (Shiryaev 1963). Time raises the odds by a hazard that falls as 1/t, since what has stayed
/// changed for long tends to stay so (a Pareto law of shape 1 for the stay); every reward multiplies them by its likelihood ratio.
/// </summary>
internal sealed class ChangePointHypothesis
{
    // Half of all changes are over within this many decisions.
    private const double Stay = 300;

    // An alarm may be false.
    private const double FirstOdds = 0.01;

    // A single reward proves nothing, however odd.
    private const double LargestEvidence = 3;

    // Until the changed arm has shown how its rewards scatter, they are taken to scatter as before.
    private const double PriorRewards = 10;

    // Better than 50 to 1. A wrong verdict costs another alarm, a late one a few calls more.
    private const double CertainOdds = 50;

    // However long it has stayed changed, a few rewards must be able to show that it no longer is.
    private const double LargestOdds = 1e6;

    private readonly long _since;
    private double _odds = FirstOdds;
    private long _judged;
    private long _pulled;
    private double _squares;
    private double _count = PriorRewards;

    /// <summary>Keeps an arm's belief.</summary>
    /// <param name="mean">m_a, over the whole context.</param>
    /// <param name="theta">Mean of its predictions over the whole context, what was learned online included.</param>
    /// <param name="inverse">P_a, packed.</param>
    /// <param name="sum">b_a.</param>
    /// <param name="deviation">Standard deviation of its rewards around their predictions.</param>
    /// <param name="ordinal">Ordinal of the last decision.</param>
    public ChangePointHypothesis(double[] mean, double[] theta, double[] inverse, double[] sum, double deviation, long ordinal)
    {
        Mean = mean;
        Theta = theta;
        Inverse = inverse;
        Sum = sum;
        Deviation = deviation;
        _squares = deviation * deviation * PriorRewards;
        _since = _judged = _pulled = ordinal;
    }

    private ChangePointHypothesis(ref StateReader reader, int dimension, int learned)
    {
        Mean = new double[dimension];
        reader.Doubles(Mean);
        Theta = new double[dimension];
        reader.Doubles(Theta);
        Inverse = new double[PackedMatrix.Length(learned)];
        reader.Doubles(Inverse);
        Sum = new double[learned];
        reader.Doubles(Sum);
        Deviation = reader.Double();
        _since = reader.Long();
        _odds = reader.Double();
        _judged = reader.Long();
        _pulled = reader.Long();
        _squares = reader.Double();
        _count = reader.Double();
    }

    /// <summary>m_a at the alarm.</summary>
    public double[] Mean { get; }

    /// <summary>Coefficients of the former prediction over the whole context.</summary>
    public double[] Theta { get; }

    /// <summary>P_a at the alarm, packed.</summary>
    public double[] Inverse { get; }

    /// <summary>b_a at the alarm.</summary>
    public double[] Sum { get; }

    /// <summary>Standard deviation of a reward around the former prediction.</summary>
    public double Deviation { get; }

    /// <summary>Standard deviation of a reward around the prediction of the arm as it is now.</summary>
    public double DeviationNow => Math.Sqrt(_squares / _count);

    /// <summary>Whether the arm is its earlier hypothesis again for all that can be known.</summary>
    public bool Certain => _odds > CertainOdds;

    /// <summary>Former prediction.</summary>
    public double Predict(ReadOnlySpan<double> x) => Kernels.Dot(Theta, x);

    /// <summary>Odds at a decision that the arm is its earlier hypothesis again.</summary>
    public double Odds(long ordinal) => After(_odds, _judged, ordinal);

    /// <summary>The same, if every call so far that has not been judged yet had said what was expected: what another call could find out.</summary>
    public double UnseenOdds(long ordinal) => After(_odds, Math.Max(_judged, _pulled), ordinal);

    /// <summary>The arm was called.</summary>
    public void Pulled(long ordinal) => _pulled = ordinal;

    /// <summary>Weighs a reward.</summary>
    /// <param name="former">Reward less the former prediction.</param>
    /// <param name="now">Reward less the prediction of the arm as it is now.</param>
    /// <param name="noise">1 / v of a reward of weight v: its variance, in units of that of a whole one.</param>
    /// <param name="spread">noise + z'P z of the prediction of the arm as it is now.</param>
    /// <param name="ordinal">Ordinal of the last decision.</param>
    public void Judge(double former, double now, double noise, double spread, long ordinal)
    {
        var (before, after) = (Deviation * Deviation * noise, _squares / _count * spread);
        var evidence = 0.5 * ((now * now / after) - (former * former / before) + Math.Log(after / before));
        var prior = Odds(ordinal);
        _odds = Math.Clamp(prior * Math.Exp(Math.Clamp(evidence, -LargestEvidence, LargestEvidence)), 1 / LargestOdds, LargestOdds);
        _judged = ordinal;

        // Rewards of the arm as it is now, so far as this is one.
        var share = 1 / (1 + _odds);
        _squares += share * now * now / spread;
        _count += share;
    }

    public void Write(StateWriter writer)
    {
        writer.Doubles(Mean);
        writer.Doubles(Theta);
        writer.Doubles(Inverse);
        writer.Doubles(Sum);
        writer.Double(Deviation);
        writer.Long(_since);
        writer.Double(_odds);
        writer.Long(_judged);
        writer.Long(_pulled);
        writer.Double(_squares);
        writer.Double(_count);
    }

    public static ChangePointHypothesis Read(ref StateReader reader, int dimension, int learned) => new(ref reader, dimension, learned);

    // (1 - p) falls by the Pareto law's share that is still there.
    private double After(double odds, long from, long to)
    {
        if (to <= from)
        {
            return odds;
        }

        var still = (Stay + (from - _since)) / (Stay + (to - _since));
        return ((1 + odds) / still) - 1;
    }
}
