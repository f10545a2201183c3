using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits;

/// <summary>
/// Seconds of one arm's call as a + b * u, where u is the output in units of the arm's expected output: ridge regression of the
/// residual against the configured expectation, which counts as five calls.
/// </summary>
internal sealed class LatencyModel(double priorSeconds, double priorTokens)
{
    private const double PriorCalls = 5;
    private const double FixedShare = 0.3;
    private const double LargestUnits = 20;

    private double _n;
    private double _u;
    private double _uu;
    private double _r;
    private double _ru;

    /// <summary>Predicted seconds, at least 0.</summary>
    public double Predict(double outputTokens)
    {
        var u = Units(outputTokens);
        var (a11, a12, a22) = (_n + PriorCalls, _u, _uu + PriorCalls);
        var determinant = (a11 * a22) - (a12 * a12);
        var intercept = ((a22 * _r) - (a12 * _ru)) / determinant;
        var slope = ((a11 * _ru) - (a12 * _r)) / determinant;
        return Math.Max(0, Prior(u) + intercept + (slope * u));
    }

    public void Observe(double outputTokens, double seconds)
    {
        var u = Units(outputTokens);
        var residual = seconds - Prior(u);
        _n++;
        _u += u;
        _uu += u * u;
        _r += residual;
        _ru += residual * u;
    }

    public void Write(StateWriter writer) => writer.Doubles([_n, _u, _uu, _r, _ru]);

    public void Read(ref StateReader reader)
    {
        var sums = new double[5];
        reader.Doubles(sums);
        (_n, _u, _uu, _r, _ru) = (sums[0], sums[1], sums[2], sums[3], sums[4]);
    }

    private double Prior(double u) => priorSeconds * (FixedShare + ((1 - FixedShare) * u));

    private double Units(double tokens) => Math.Clamp(tokens / priorTokens, 0, LargestUnits);
}
