using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>
/// Keeps mean spend at a target by a price of money lambda (quality per USD): after every settled call
/// ln lambda += eta * clip(ema / B_t - 1, -1, 3), where ema is the smoothed cost and B_t the target corrected for what was
/// over- or underspent so far, spread over the next few hundred calls. The Lagrangian is linear in dollars.
/// </summary>
internal sealed class DollarPacer
{
    private const double StepSize = 0.04;
    private const double Smoothing = 0.05;
    private const double RecoveryCalls = 300;

    // The target is a ceiling: spend wavers around what is aimed at, so the aim is a little below.
    private const double Aim = 0.997;

    // What was saved long ago is not given back for ever: at most this many calls' worth.
    private const double LargestCreditCalls = 600;

    // Nor does one accident, such as a wrong price, starve a tenant for ever.
    private const double LargestDebtCalls = 2000;

    // In units of quality per mean call. Beyond these no choice changes, and a price that has run away takes long to come back.
    private const double LowestPrice = 1e-4;
    private const double HighestPrice = 5;

    private double _target = double.PositiveInfinity;
    private double _lambda;
    private double _ema;
    private double _error;

    /// <summary>Price of money, quality per USD; 0 without a target.</summary>
    public double Lambda => double.IsFinite(_target) ? _lambda : 0;

    /// <summary>Mean spend to keep, USD; infinite without a target.</summary>
    public double Target => _target;

    /// <summary>Sets, changes or removes the target.</summary>
    /// <param name="usdPerRequest">Mean spend to keep, USD, above 0; null removes the target.</param>
    /// <param name="suggestedLambda">Where to start; null keeps the price in force or, at first, starts at a tenth of a unit of quality per mean call.</param>
    public void SetTarget(double? usdPerRequest, double? suggestedLambda)
    {
        if (usdPerRequest is not { } target)
        {
            _target = double.PositiveInfinity;
            _lambda = _ema = _error = 0;
            return;
        }

        var start = suggestedLambda ?? (_lambda > 0 ? _lambda : 0.1 / target);
        _target = target;
        _ema = target;
        _error = 0;
        _lambda = Clip(start);
    }

    /// <summary>Takes in the true cost of a settled call.</summary>
    public void Observe(double costUsd)
    {
        if (!double.IsFinite(_target))
        {
            return;
        }

        var corrected = Math.Clamp(_target - (_error / RecoveryCalls), 0.1 * _target, 3 * _target);
        _ema += Smoothing * (costUsd - _ema);
        _error = Math.Clamp(_error + costUsd - (Aim * _target), -LargestCreditCalls * _target, LargestDebtCalls * _target);
        _lambda = Clip(_lambda * Math.Exp(StepSize * Math.Clamp((_ema / corrected) - 1, -1, 3)));
    }

    public void Write(StateWriter writer)
    {
        writer.Section("pacer");
        writer.Double(_target);
        writer.Double(_lambda);
        writer.Double(_ema);
        writer.Double(_error);
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("pacer");
        _target = reader.Double();
        _lambda = reader.Double();
        _ema = reader.Double();
        _error = reader.Double();
    }

    private double Clip(double lambda) => Math.Clamp(lambda, LowestPrice / _target, HighestPrice / _target);
}
