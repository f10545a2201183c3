using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.ParetoBandit;

/// <summary>ParetoBandit's dual variable: ema &lt;- 0.95 ema + 0.05 c, lambda &lt;- clip(lambda + 0.05 (ema / B - 1), 0, 5).</summary>
internal sealed class LogPricePacer
{
    private const double Smoothing = 0.05;
    private const double StepSize = 0.05;
    private const double Largest = 5;

    private double _target = double.PositiveInfinity;
    private double _ema;

    /// <summary>Quality per unit of normalised log price.</summary>
    public double Lambda { get; private set; }

    /// <summary>Takes in the cost of a call; the smoothed cost starts at the target whenever that changes.</summary>
    public void Observe(double costUsd, double targetUsd)
    {
        if (targetUsd != _target)
        {
            _target = targetUsd;
            _ema = targetUsd;
        }

        if (!double.IsFinite(targetUsd))
        {
            Lambda = 0;
            return;
        }

        _ema += Smoothing * (costUsd - _ema);
        Lambda = Math.Clamp(Lambda + (StepSize * ((_ema / targetUsd) - 1)), 0, Largest);
    }

    public void Write(StateWriter writer)
    {
        writer.Double(_target);
        writer.Double(_ema);
        writer.Double(Lambda);
    }

    public void Read(ref StateReader reader)
    {
        _target = reader.Double();
        _ema = reader.Double();
        Lambda = reader.Double();
    }
}
