namespace MetaLlm.Core.Judging;

/// <summary>Weighted sums over pairs of a verdict f and a reward y.</summary>
/// <param name="W">Sum of the weights.</param>
/// <param name="F">Sum of w f.</param>
/// <param name="Y">Sum of w y.</param>
/// <param name="FF">Sum of w f^2.</param>
/// <param name="FY">Sum of w f y.</param>
/// <param name="YY">Sum of w y^2.</param>
[GenerateSerializer, Immutable, Alias("metallm.pair-sums")]
public readonly record struct PairSums(
    [property: Id(0)] double W,
    [property: Id(1)] double F,
    [property: Id(2)] double Y,
    [property: Id(3)] double FF,
    [property: Id(4)] double FY,
    [property: Id(5)] double YY)
{
    /// <summary>The sums with one pair more.</summary>
    internal PairSums With(double f, double y, double w) => new(W + w, F + (w * f), Y + (w * y), FF + (w * f * f), FY + (w * f * y), YY + (w * y * y));

    /// <summary>The sums of both.</summary>
    internal PairSums Plus(in PairSums other) => new(W + other.W, F + other.F, Y + other.Y, FF + other.FF, FY + other.FY, YY + other.YY);

    /// <summary>The sums of those that are not among others.</summary>
    internal PairSums Minus(in PairSums other) => new(W - other.W, F - other.F, Y - other.Y, FF - other.FF, FY - other.FY, YY - other.YY);

    /// <summary>Sum of w (f - meanF)(y - meanY).</summary>
    internal double Covariation(double meanF, double meanY) => FY - (meanY * F) - (meanF * Y) + (meanF * meanY * W);

    /// <summary>Sum of w (f - mean)^2, at least 0.</summary>
    internal double VariationF(double mean) => Math.Max(0, FF - (2 * mean * F) + (mean * mean * W));

    /// <summary>Sum of w (y - mean)^2, at least 0.</summary>
    internal double VariationY(double mean) => Math.Max(0, YY - (2 * mean * Y) + (mean * mean * W));
}
