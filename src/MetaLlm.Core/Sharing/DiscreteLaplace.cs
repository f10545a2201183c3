namespace MetaLlm.Core.Sharing;

/// <summary>
/// Noise on whole numbers: P(y) is proportional to exp(-epsilon |y| / <see cref="Sensitivity"/>). Drawn exactly, by whole numbers alone: the low bits of a floating-point draw would
/// tell what the noise was added to.
/// </summary>
/// <remarks>Source: Canonne, Kamath and Steinke 2020 (arXiv 2004.00010), algorithms 1 and 2; why floating-point noise leaks: Mironov 2012.</remarks>
public static class DiscreteLaplace
{
    /// <summary>By how much one decision can change all sums together: it has a reward of so many parts.</summary>
    public const int Sensitivity = SharedTally.Parts;

    /// <summary>Steps of one epsilon.</summary>
    public const int EpsilonSteps = 1000;

    private const int Scale = Sensitivity * EpsilonSteps;

    /// <summary>An epsilon in whole thousandths, rounded down to the safe side; at least 1.</summary>
    /// <param name="epsilon">The epsilon, above 0.</param>
    public static int Thousandths(double epsilon) => Math.Max(1, (int)Math.Floor((epsilon * EpsilonSteps) + 1e-6));

    /// <summary>Draws noise.</summary>
    /// <param name="epsilonThousandths">Epsilon in thousandths, 1 to 1,000,000.</param>
    /// <param name="below">Gives a whole number from 0 to below its argument, each as likely as any other, from a source that nobody can predict.</param>
    /// <returns>The noise, in parts of a reward.</returns>
    public static long Draw(int epsilonThousandths, Func<int, int> below)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilonThousandths);
        ArgumentNullException.ThrowIfNull(below);
        while (true)
        {
            var rest = below(Scale);
            if (!IsExponential(rest, Scale, below))
            {
                continue;
            }

            var whole = 0L;
            while (IsExponential(1, 1, below))
            {
                whole++;
            }

            var magnitude = (rest + (Scale * whole)) / epsilonThousandths;
            var negative = below(2) == 1;
            if (magnitude == 0 && negative)
            {
                // Zero would come twice as often.
                continue;
            }

            return negative ? -magnitude : magnitude;
        }
    }

    /// <summary>Variance of a draw.</summary>
    /// <param name="epsilonThousandths">Epsilon in thousandths, at least 1.</param>
    /// <returns>2 a / (1 - a)^2 with a = exp(-epsilon / <see cref="Sensitivity"/>), in squared parts of a reward.</returns>
    public static double Variance(int epsilonThousandths)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilonThousandths);
        var a = Math.Exp(-epsilonThousandths / (double)Scale);
        return 2 * a / ((1 - a) * (1 - a));
    }

    /// <summary>True with probability exp(-numerator / denominator), for fractions of 0 to 1.</summary>
    private static bool IsExponential(int numerator, int denominator, Func<int, int> below)
    {
        var k = 1;
        while (below(checked(denominator * k)) < numerator)
        {
            k++;
        }

        return k % 2 == 1;
    }
}
