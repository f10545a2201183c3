using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>
/// Keeps mean spend at a target by a price of money lambda (quality per USD). lambda = base * exp(u): the base is the price at which
/// the last few hundred decisions, as predicted, would have spent the target (<see cref="SpendCurve"/>); u is a slow feedback on what was
/// really spent. The target is corrected for what was over- or underspent so far, spread over the next few hundred calls. The
/// Lagrangian is linear in dollars.
/// </summary>
internal sealed class DollarPacer
{
    private const double StepSize = 0.02;
    private const double Smoothing = 0.05;
    private const double Leak = 0.002;
    private const double LargestFeedback = 3;
    private const double RecoveryCalls = 300;

    // How many decisions' worth the price counts that the pacer started from.
    private const double StartWeight = 50;

    // The target is a ceiling: spend wavers around what is aimed at, so the aim is a little below.
    private const double Aim = 0.999;

    // What was saved long ago is not given back for ever: at most this many calls' worth.
    private const double LargestCreditCalls = 300;

    // Nor does one accident, such as a wrong price, starve a tenant for ever.
    private const double LargestDebtCalls = 2000;

    // In units of quality per mean call. Beyond these no choice changes, and a price that has run away takes long to come back.
    private const double LowestPrice = 1e-4;
    private const double HighestPrice = 5;

    private readonly SpendCurve _curve = new();
    private readonly RecentPredictions _recent = new();
    private double _target = double.PositiveInfinity;
    private double _start;
    private double _lambda;
    private double _feedback;
    private double _ema;
    private double _error;
    private double _explored;

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
            _lambda = _start = _feedback = _ema = _error = _explored = 0;
            return;
        }

        var start = suggestedLambda ?? (_lambda > 0 ? _lambda : 0.1 / target);
        _target = target;
        _ema = target;
        _error = 0;
        _feedback = 0;
        _lambda = _start = Clip(start);
        _curve.Restart(LowestPrice / target);
    }

    /// <summary>The set of arms has changed: what is known of others' predictions no longer applies.</summary>
    /// <param name="arms">How many there are now.</param>
    public void SetArms(int arms) => _recent.Restart(arms);

    /// <summary>Prices have changed: the last decisions are taken in once more as they would have been predicted now.</summary>
    /// <param name="factors">New cost over old cost, per arm; finite, at least 0.</param>
    public void Reprice(ReadOnlySpan<double> factors)
    {
        if (!double.IsFinite(_target))
        {
            return;
        }

        _curve.Restart(LowestPrice / _target);
        _recent.Reprice(factors, _curve);
        if (_curve.Count > 0)
        {
            _start = Clip(_curve.PriceAt(Greedy(_target)));
            _feedback = 0;
            _ema = _target;
            _error = Math.Max(0, _error);
            _lambda = _start;
        }
    }

    /// <summary>What is believed of an arm has changed at once: the curve starts again, from the price in force.</summary>
    public void Unsettle()
    {
        if (double.IsFinite(_target))
        {
            _start = _lambda;
            _feedback = 0;
            _curve.Restart(LowestPrice / _target);
        }
    }

    /// <summary>Begins to take in a decision's predictions; every feasible arm is offered, then the decision ends.</summary>
    /// <returns>Whether predictions are wanted at all.</returns>
    public bool Begin()
    {
        if (!double.IsFinite(_target))
        {
            return false;
        }

        _curve.Begin();
        _recent.Begin();
        return true;
    }

    /// <summary>Takes in one feasible arm of the decision.</summary>
    public void Offer(int arm, double quality, double costUsd)
    {
        _curve.Offer(quality, costUsd);
        _recent.Offer(arm, quality, costUsd);
    }

    /// <summary>Ends the decision.</summary>
    /// <param name="exploredUsd">Expected cost of the decision beyond the greedy arm's, by its propensities: what exploration takes from the target.</param>
    public void End(double exploredUsd)
    {
        _curve.End();
        _explored += (exploredUsd - _explored) / _curve.Count;
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
        var error = _error + costUsd - (Aim * _target);
        if (_curve.Count > 0 && _curve.PriceAt(_target) <= LowestPrice / _target)
        {
            // Even without a price the target is not reached: what nobody wanted to spend is not saved for later.
            error = Math.Max(error, Math.Min(_error, 0));
        }

        _error = Math.Clamp(error, -LargestCreditCalls * _target, LargestDebtCalls * _target);
        _feedback = Math.Clamp((_feedback * (1 - Leak)) + (StepSize * Math.Clamp((_ema / corrected) - 1, -1, 3)), -LargestFeedback, LargestFeedback);
        var share = _curve.Count / (_curve.Count + StartWeight);
        _lambda = Clip(_start * Math.Pow(_curve.Count > 0 ? _curve.PriceAt(Greedy(corrected)) / _start : 1, share) * Math.Exp(_feedback));
    }

    public void Write(StateWriter writer)
    {
        writer.Section("pacer");
        writer.Double(_target);
        writer.Double(_start);
        writer.Double(_lambda);
        writer.Double(_feedback);
        writer.Double(_ema);
        writer.Double(_error);
        writer.Double(_explored);
        _curve.Write(writer);
        _recent.Write(writer);
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("pacer");
        _target = reader.Double();
        _start = reader.Double();
        _lambda = reader.Double();
        _feedback = reader.Double();
        _ema = reader.Double();
        _error = reader.Double();
        _explored = reader.Double();
        _curve.Read(ref reader);
        _recent.Read(ref reader);
    }

    // The curve knows what the best arms cost; what exploration adds to that must come out of the same target.
    private double Greedy(double usd) => Math.Clamp(usd - _explored, 0.5 * usd, 1.5 * usd);

    private double Clip(double lambda) => Math.Clamp(lambda, LowestPrice / _target, HighestPrice / _target);
}
