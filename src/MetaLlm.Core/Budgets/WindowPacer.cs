using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>
/// Spreads what is left of hourly, daily and monthly budgets over the requests that the rest of their windows will bring: the target is the
/// least, over the budgets, of USD left / max(1, requests per second * seconds left), and the price of money is the one at which the last few hundred
/// decisions, as predicted, would have spent it (<see cref="SpendCurve"/>), times a slow feedback on what was really spent. What a
/// window saves or overspends is in what it has left, and so given back or clawed back before it ends. All times are those of decisions and settlements.
/// </summary>
internal sealed class WindowPacer
{
    private const double StepSize = 0.02;
    private const double Smoothing = 0.05;
    private const double Leak = 0.002;
    private const double LargestFeedback = 3;
    private const double StartWeight = 50;

    // In units of quality per mean call, as for the budget per request.
    private const double LowestPrice = 1e-4;
    private const double HighestPrice = 5;

    // The curve covers prices around one target; when the target has moved this far it starts again around the new one.
    private const double Reach = 4;

    // A window that has nothing left: what is spent now is stopped elsewhere, but the price must stay a number.
    private const double LeastTarget = 1e-12;

    private readonly SpendCurve _curve = new();
    private readonly RecentPredictions _recent = new();
    private readonly RequestRate[] _rates =
    [
        new(BudgetWindows.Memory(BudgetWindow.Hour)), new(BudgetWindows.Memory(BudgetWindow.Day)), new(BudgetWindows.Memory(BudgetWindow.Month)),
    ];

    private int _arms;
    private double _anchor;
    private double _feedback;
    private double _paid;
    private double _aimed;

    /// <summary>Requests per second that a window's rest is expected to bring.</summary>
    public double Rate(BudgetWindow window, DateTimeOffset at) => _rates[(int)window].At(at);

    /// <summary>USD per request that spread an amount over the rest of a window.</summary>
    public double Target(BudgetWindow window, double leftUsd, DateTimeOffset at) =>
        Math.Max(LeastTarget, leftUsd) / Math.Max(1, Rate(window, at) * BudgetWindows.SecondsLeft(window, at));

    /// <summary>Price of money, quality per USD, that keeps a target; 0 without one.</summary>
    /// <param name="targetUsd">USD per request, above 0; infinite without a budget.</param>
    public double Lambda(double targetUsd)
    {
        if (!double.IsFinite(targetUsd))
        {
            return 0;
        }

        var start = 0.1 / targetUsd;
        var share = _curve.Count / (_curve.Count + StartWeight);
        var price = _curve.Count > 0 ? start * Math.Pow(_curve.PriceAt(targetUsd) / start, share) : start;
        return Math.Clamp(price * Math.Exp(_feedback), LowestPrice / targetUsd, HighestPrice / targetUsd);
    }

    /// <summary>The set of arms has changed: what is known of others' predictions no longer applies.</summary>
    public void SetArms(int arms)
    {
        _arms = arms;
        _recent.Restart(arms);
    }

    /// <summary>Prices have changed: the last decisions are taken in once more as they would have been predicted now.</summary>
    /// <param name="factors">New cost over old cost, per arm.</param>
    public void Reprice(ReadOnlySpan<double> factors)
    {
        if (_anchor > 0)
        {
            Restart(_anchor, factors);
            _feedback = 0;
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
                (_anchor, _feedback, _paid, _aimed) = (0, 0, 0, 0);
                _curve.Restart(1);
                _recent.Restart(_arms);
            }

            return false;
        }

        if (!(targetUsd <= _anchor * Reach && targetUsd >= _anchor / Reach))
        {
            Span<double> same = stackalloc double[_arms];
            same.Fill(1);
            Restart(targetUsd, same);
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
    public void End() => _curve.End();

    /// <summary>Takes in the true cost of a settled call.</summary>
    public void Observe(double costUsd, double targetUsd)
    {
        if (!double.IsFinite(targetUsd) || _anchor <= 0)
        {
            return;
        }

        _paid = _aimed > 0 ? _paid + (Smoothing * (costUsd - _paid)) : targetUsd;
        _aimed = _aimed > 0 ? _aimed + (Smoothing * (targetUsd - _aimed)) : targetUsd;
        _feedback = Math.Clamp(
            (_feedback * (1 - Leak)) + (StepSize * Math.Clamp((_paid / _aimed) - 1, -1, 3)), -LargestFeedback, LargestFeedback);
    }

    public void Write(StateWriter writer)
    {
        writer.Section("windows");
        writer.Int(_arms);
        writer.Double(_anchor);
        writer.Double(_feedback);
        writer.Double(_paid);
        writer.Double(_aimed);
        foreach (var rate in _rates)
        {
            rate.Write(writer);
        }

        writer.Bool(_anchor > 0);
        if (_anchor > 0)
        {
            _curve.Write(writer);
            _recent.Write(writer);
        }
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("windows");
        SetArms(reader.Int());
        _anchor = reader.Double();
        _feedback = reader.Double();
        _paid = reader.Double();
        _aimed = reader.Double();
        foreach (var rate in _rates)
        {
            rate.Read(ref reader);
        }

        if (reader.Bool())
        {
            _curve.Read(ref reader);
            _recent.Read(ref reader);
        }
    }

    private void Restart(double target, ReadOnlySpan<double> factors)
    {
        _anchor = target;
        _curve.Restart(LowestPrice / target);
        _recent.Reprice(factors, _curve);
    }
}
