using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Judging;

/// <summary>
/// What estimates need of verdicts and, where people have spoken, of their rewards. An observation that was taken with probability p counts 1/p, so that means are those of all answers and
/// not of those that were taken.
/// </summary>
/// <param name="Count">Observations.</param>
/// <param name="First">Sums with the weights.</param>
/// <param name="Second">Sums with the squared weights, from which variances of weighted means follow.</param>
[GenerateSerializer, Immutable, Alias("metallm.verdict-moments")]
public sealed record VerdictMoments([property: Id(0)] long Count, [property: Id(1)] PairSums First, [property: Id(2)] PairSums Second)
{
    /// <summary>No observation.</summary>
    public static readonly VerdictMoments None = new(0, default, default);

    /// <summary>Mean verdict; NaN without any.</summary>
    public double MeanVerdict => Count == 0 ? double.NaN : First.F / First.W;

    /// <summary>Mean reward; NaN without any.</summary>
    public double MeanReward => Count == 0 ? double.NaN : First.Y / First.W;

    /// <summary>How many equally weighted observations would tell as much; 0 without any.</summary>
    public double EffectiveCount => Count == 0 ? 0 : First.W * First.W / Second.W;

    /// <summary>Correlation of verdict and reward; NaN where either never varies.</summary>
    public double Correlation
    {
        get
        {
            if (Count < 2)
            {
                return double.NaN;
            }

            var (f, y) = (MeanVerdict, MeanReward);
            var scale = Math.Sqrt(First.VariationF(f) * First.VariationY(y));
            return scale > 1e-12 * First.W ? Math.Clamp(First.Covariation(f, y) / scale, -1, 1) : double.NaN;
        }
    }

    /// <summary>The moments with one observation more.</summary>
    /// <param name="verdict">The verdict, 0 to 1.</param>
    /// <param name="reward">The person's reward, 0 to 1; of no meaning where only verdicts are looked at.</param>
    /// <param name="inclusion">Probability with which the answer was taken, above 0 to 1.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public VerdictMoments With(double verdict, double reward, double inclusion)
    {
        CheckShare(nameof(verdict), verdict);
        CheckShare(nameof(reward), reward);
        if (!(inclusion > 0 && inclusion <= 1))
        {
            throw new ArgumentException($"The probability of being taken is {inclusion}; it must be above 0 and at most 1.", nameof(inclusion));
        }

        var w = 1 / inclusion;
        return new VerdictMoments(Count + 1, First.With(verdict, reward, w), Second.With(verdict, reward, w * w));
    }

    /// <summary>Both together.</summary>
    /// <param name="other">Moments of other observations.</param>
    public VerdictMoments Plus(VerdictMoments other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new VerdictMoments(Count + other.Count, First.Plus(other.First), Second.Plus(other.Second));
    }

    /// <summary>Verdicts without those that are among others.</summary>
    /// <param name="part">Moments of some of the observations. Of what is left only verdicts mean anything.</param>
    public VerdictMoments Minus(VerdictMoments part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return part.Count >= Count ? None : new VerdictMoments(Count - part.Count, First.Minus(part.First), Second.Minus(part.Second));
    }

    internal void Write(StateWriter writer)
    {
        writer.Long(Count);
        Write(writer, First);
        Write(writer, Second);
    }

    internal static VerdictMoments Read(ref StateReader reader) => new(reader.Long(), ReadSums(ref reader), ReadSums(ref reader));

    private static void Write(StateWriter writer, in PairSums sums)
    {
        writer.Double(sums.W);
        writer.Double(sums.F);
        writer.Double(sums.Y);
        writer.Double(sums.FF);
        writer.Double(sums.FY);
        writer.Double(sums.YY);
    }

    private static PairSums ReadSums(ref StateReader reader) =>
        new(reader.Double(), reader.Double(), reader.Double(), reader.Double(), reader.Double(), reader.Double());

    private static void CheckShare(string field, double value)
    {
        if (!(value >= 0 && value <= 1))
        {
            throw new ArgumentException($"{field} is {value}; it must be 0 to 1.", field);
        }
    }
}
