using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>
/// Keeps mean spend at a target by a shadow price (<see cref="PricedCurve"/>). The target is corrected for what was over- or underspent so
/// far, spread over the next few hundred calls.
/// </summary>
internal sealed class DollarPacer
{
    private const double RecoveryCalls = 300;

    // The target is a ceiling: spend wavers around what is aimed at, so the aim is a little below.
    private const double Aim = 0.999;

    // What was saved long ago is not given back for ever: at most this many calls' worth.
    private const double LargestCreditCalls = 300;

    // Nor does one accident, such as a wrong price, starve a tenant for ever.
    private const double LargestDebtCalls = 2000;

    private readonly PricedCurve _curve = new();
    private double _target = double.PositiveInfinity;
    private double _lambda;
    private double _error;

    /// <summary>Shadow price, quality per USD; 0 without a target.</summary>
    public double Lambda => double.IsFinite(_target) ? _lambda : 0;

    /// <summary>Mean spend to keep, USD; infinite without a target.</summary>
    public double Target => _target;

    /// <summary>Sets, changes or removes the target.</summary>
    /// <param name="usdPerRequest">Mean spend to keep, USD, above 0; null removes the target.</param>
    /// <param name="suggestedLambda">Where to start; null keeps the price in force or, at first, starts at <see cref="PricedCurve.Opening"/>.</param>
    public void SetTarget(double? usdPerRequest, double? suggestedLambda)
    {
        _error = 0;
        if (usdPerRequest is not { } target)
        {
            _target = double.PositiveInfinity;
            _lambda = 0;
            _curve.Stop();
            return;
        }

        _target = target;
        _lambda = PricedCurve.Clip(suggestedLambda ?? (_lambda > 0 ? _lambda : PricedCurve.Opening(target)), target);
        _curve.Start(target, _lambda);
    }

    /// <summary>What is believed of all arms has changed, and gives a price to start from: what was over- or underspent stays.</summary>
    /// <param name="suggestedLambda">The price; null keeps the one in force.</param>
    public void Restart(double? suggestedLambda)
    {
        if (double.IsFinite(_target))
        {
            _lambda = PricedCurve.Clip(suggestedLambda ?? _lambda, _target);
            _curve.Start(_target, _lambda);
        }
    }

    /// <summary>Starts again with the target in force: forgets prices, predictions and what was over- or underspent.</summary>
    /// <param name="suggestedLambda">Where to start; null for <see cref="PricedCurve.Opening"/>.</param>
    public void Reset(double? suggestedLambda)
    {
        var target = _target;
        SetTarget(null, null);
        if (double.IsFinite(target))
        {
            SetTarget(target, suggestedLambda);
        }
    }

    /// <summary>The set of arms has changed: what is known of others' predictions no longer applies.</summary>
    /// <param name="arms">How many there are now.</param>
    public void SetArms(int arms) => _curve.SetArms(arms);

    /// <summary>Prices have changed: the last decisions are taken in once more as they would have been predicted now.</summary>
    /// <param name="factors">New cost over old cost, per arm; finite, at least 0.</param>
    public void Reprice(ReadOnlySpan<double> factors)
    {
        if (double.IsFinite(_target) && _curve.Reprice(factors, _target) is { } price)
        {
            _lambda = price;
            _error = Math.Max(0, _error);
        }
    }

    /// <summary>What is believed of an arm has changed at once: the curve starts again, from the price in force.</summary>
    public void ResetDual()
    {
        if (double.IsFinite(_target))
        {
            _curve.ResetDual(_target, _lambda);
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
        return true;
    }

    /// <summary>Takes in one feasible arm of the decision.</summary>
    public void Offer(int arm, double quality, double costUsd) => _curve.Offer(arm, quality, costUsd);

    /// <summary>Ends the decision.</summary>
    /// <param name="exploredUsd">Expected cost of the decision beyond the greedy arm's, by its propensities: what exploration takes from the target.</param>
    public void End(double exploredUsd) => _curve.End(exploredUsd);

    /// <summary>Takes in a settled call.</summary>
    /// <param name="costUsd">What it cost, USD.</param>
    /// <param name="predictedUsd">What its decision predicted, USD.</param>
    public void Observe(double costUsd, double predictedUsd)
    {
        if (!double.IsFinite(_target))
        {
            return;
        }

        var corrected = Math.Clamp(_target - (_error / RecoveryCalls), 0.1 * _target, 3 * _target);
        var error = _error + costUsd - (Aim * _target);
        if (_curve.IsSlack(_target))
        {
            // Even without a price the target is not reached: what nobody wanted to spend is not saved for later.
            error = Math.Max(error, Math.Min(_error, 0));
        }

        _error = Math.Clamp(error, -LargestCreditCalls * _target, LargestDebtCalls * _target);
        _curve.Observe(costUsd, predictedUsd, corrected);
        _lambda = _curve.Price(corrected, _target);
    }

    public void Write(StateWriter writer)
    {
        writer.Section("pacer");
        writer.Double(_target);
        writer.Double(_lambda);
        writer.Double(_error);
        _curve.Write(writer);
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("pacer");
        _target = reader.Double();
        _lambda = reader.Double();
        _error = reader.Double();
        _curve.Read(ref reader);
    }
}
