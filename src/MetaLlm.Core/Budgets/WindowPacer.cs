using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>
/// Spreads what is left of hourly, daily and monthly budgets over the requests that the rest of their windows will bring: the target is the
/// least, over the budgets, of USD left / max(1, requests per second * seconds left), and a shadow price keeps it (<see cref="PricedCurve"/>). What a
/// window saves or overspends is in what it has left, and so given back or clawed back before it ends. All times are those of decisions and settlements.
/// </summary>
internal sealed class WindowPacer
{
    // The curve covers prices around one target; when the target has moved this far it starts again around the new one.
    private const double Reach = 4;

    // A window that has nothing left: what is spent now is stopped elsewhere, but the price must stay a number.
    private const double LeastTarget = 1e-12;

    private readonly PricedCurve _curve = new();
    private readonly RequestRate[] _rates =
    [
        new(BudgetWindows.Memory(BudgetWindow.Hour)), new(BudgetWindows.Memory(BudgetWindow.Day)), new(BudgetWindows.Memory(BudgetWindow.Month)),
    ];

    private double _anchor;
    private double _aimed;

    /// <summary>Requests per second that a window's rest is expected to bring.</summary>
    public double Rate(BudgetWindow window, DateTimeOffset at) => _rates[(int)window].At(at);

    /// <summary>USD per request that spread an amount over the rest of a window.</summary>
    public double Target(BudgetWindow window, double leftUsd, DateTimeOffset at) =>
        Math.Max(LeastTarget, leftUsd) / Math.Max(1, Rate(window, at) * BudgetWindows.SecondsLeft(window, at));

    /// <summary>Shadow price, quality per USD, that keeps a target; 0 without one.</summary>
    /// <param name="targetUsd">USD per request, above 0; infinite without a budget.</param>
    public double Lambda(double targetUsd) => double.IsFinite(targetUsd) ? _curve.Price(targetUsd, targetUsd) : 0;

    /// <summary>The set of arms has changed: what is known of others' predictions no longer applies.</summary>
    /// <param name="arms">How many there are now.</param>
    public void SetArms(int arms) => _curve.SetArms(arms);

    /// <summary>Prices have changed: the last decisions are taken in once more as they would have been predicted now.</summary>
    /// <param name="factors">New cost over old cost, per arm; finite, at least 0.</param>
    public void Reprice(ReadOnlySpan<double> factors)
    {
        if (_anchor > 0 && _curve.Reprice(factors, _anchor) is not null)
        {
            _aimed = _anchor;
        }
    }

    /// <summary>What is believed of an arm has changed at once: the curve starts again, from the price in force.</summary>
    /// <param name="targetUsd">The target in force; infinite without a budget.</param>
    public void ResetDual(double targetUsd)
    {
        if (_anchor > 0 && double.IsFinite(targetUsd))
        {
            _curve.ResetDual(targetUsd, Lambda(targetUsd));
            _anchor = targetUsd;
        }
    }

    /// <summary>Starts again: forgets prices, predictions and requests.</summary>
    public void Reset()
    {
        _anchor = _aimed = 0;
        _curve.Stop();
        foreach (var rate in _rates)
        {
            rate.Reset();
        }
    }

    /// <summary>A request came. Counted whether or not there are budgets, so that one which is set later knows the traffic.</summary>
    public void Count(DateTimeOffset at)
    {
        foreach (var rate in _rates)
        {
            rate.Observe(at);
        }
    }

    /// <summary>Begins to take in a decision's predictions; every feasible arm is offered, then the decision ends.</summary>
    /// <param name="targetUsd">The target in force; infinite without a budget.</param>
    /// <returns>Whether predictions are wanted at all.</returns>
    public bool Begin(double targetUsd)
    {
        if (!double.IsFinite(targetUsd))
        {
            if (_anchor > 0)
            {
                _anchor = _aimed = 0;
                _curve.Stop();
            }

            return false;
        }

        if (_anchor <= 0)
        {
            _anchor = _aimed = targetUsd;
            _curve.Start(targetUsd, null);
        }
        else if (!(targetUsd <= _anchor * Reach && targetUsd >= _anchor / Reach))
        {
            _anchor = targetUsd;
            _curve.Recentre(targetUsd);
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
    /// <param name="targetUsd">The target in force; infinite without a budget.</param>
    public void Observe(double costUsd, double predictedUsd, double targetUsd)
    {
        if (double.IsFinite(targetUsd) && _anchor > 0)
        {
            _aimed = PricedCurve.Smooth(_aimed, targetUsd);
            _curve.Observe(costUsd, predictedUsd, _aimed);
        }
    }

    public void Write(StateWriter writer)
    {
        writer.Section("windows");
        writer.Double(_anchor);
        writer.Double(_aimed);
        foreach (var rate in _rates)
        {
            rate.Write(writer);
        }

        _curve.Write(writer);
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("windows");
        _anchor = reader.Double();
        _aimed = reader.Double();
        foreach (var rate in _rates)
        {
            rate.Read(ref reader);
        }

        _curve.Read(ref reader);
    }
}
