using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>
/// Two-sided cumulative sum of standardised residuals (Page 1954): raises an alarm when rewards stay above or below their
/// predictions. With slack 0.25 and limit 20 a false alarm is expected once in about 10^5 rewards (Siegmund's approximation e^(2kh) / 2k^2),
/// and a shift by one standard deviation is found within about 27.
/// </summary>
internal sealed class DriftDetector
{
    private const double Slack = 0.25;
    private const double Limit = 20;

    // A single odd reward is no drift.
    private const double LargestStep = 3;

    private double _above;
    private double _below;

    /// <summary>Takes in a residual in units of its standard deviation.</summary>
    /// <returns>Whether this one raises the alarm; the sums then start again.</returns>
    public bool Observe(double standardised)
    {
        var z = Math.Clamp(standardised, -LargestStep, LargestStep);
        _above = Math.Max(0, _above + z - Slack);
        _below = Math.Max(0, _below - z - Slack);
        if (_above < Limit && _below < Limit)
        {
            return false;
        }

        _above = _below = 0;
        return true;
    }

    public void Write(StateWriter writer)
    {
        writer.Double(_above);
        writer.Double(_below);
    }

    public void Read(ref StateReader reader)
    {
        _above = reader.Double();
        _below = reader.Double();
    }
}
