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
    private int _aboveRun;
    private int _belowRun;

    /// <summary>Rewards since the shift that raised the last alarm is likely to have begun: since the sum was last 0.</summary>
    public int Run { get; private set; }

    /// <summary>Mean of those residuals, in units of their standard deviation.</summary>
    public double Shift { get; private set; }

    /// <summary>Takes in a residual in units of its standard deviation.</summary>
    /// <returns>Whether this one raises the alarm; the sums then start again.</returns>
    public bool Observe(double standardised)
    {
        var z = Math.Clamp(standardised, -LargestStep, LargestStep);
        (_above, _aboveRun) = Add(_above, _aboveRun, z);
        (_below, _belowRun) = Add(_below, _belowRun, -z);
        if (_above < Limit && _below < Limit)
        {
            return false;
        }

        Run = _above >= Limit ? _aboveRun : _belowRun;
        Shift = _above >= Limit ? (_above / Run) + Slack : -(_below / Run) - Slack;
        Restart();
        return true;
    }

    /// <summary>Starts again.</summary>
    public void Restart()
    {
        _above = _below = 0;
        _aboveRun = _belowRun = 0;
    }

    public void Write(StateWriter writer)
    {
        writer.Double(_above);
        writer.Double(_below);
        writer.Int(_aboveRun);
        writer.Int(_belowRun);
    }

    public void Read(ref StateReader reader)
    {
        _above = reader.Double();
        _below = reader.Double();
        _aboveRun = reader.Int();
        _belowRun = reader.Int();
    }

    private static (double Sum, int Run) Add(double sum, int run, double z)
    {
        var next = sum + z - Slack;
        return next > 0 ? (next, run + 1) : (0, 0);
    }
}
