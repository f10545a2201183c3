using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>
/// The shadow price lambda (quality per USD) that keeps mean spend at a target. lambda = base * exp(u): the base is the price at which
/// the last few hundred decisions, as predicted, would have spent the target (<see cref="SpendCurve"/>). Predictions are held against the truth by
/// one slow ratio of what calls cost to what was predicted for them; u is a feedback on what the chosen arms were predicted to cost, times that
/// ratio. So choices that keep missing the target move the price, and one dear call hardly does. The Lagrangian is linear in dollars. What the
/// target is, and how it makes up for the past, is its owner's business.
/// </summary>
internal sealed class PricedCurve
{
    private const double StepSize = 0.02;
    private const double Smoothing = 0.05;
    private const double Leak = 0.002;
    private const double LargestFeedback = 3;

    // The ratio of true to predicted cost: how many calls it remembers, and how many calls at the aimed cost speak for 1.
    private const double RatioMemory = 300;
    private const double RatioPriorCalls = 30;

    // How many decisions' worth the price counts that the curve started from.
    private const double StartWeight = 50;

    // In units of quality per mean call. Beyond these no choice changes, and a price that has run away takes long to come back.
    private const double LowestPrice = 1e-4;
    private const double HighestPrice = 5;
    private const double FirstPrice = 0.1;

    private readonly SpendCurve _curve = new();
    private readonly RecentPredictions _recent = new();
    private double _start;
    private double _feedback;
    private double _expected;
    private double _explored;
    private double _actual;
    private double _predicted;

    /// <summary>Where a price starts when nothing suggests another one: a tenth of a unit of quality per mean call.</summary>
    /// <param name="targetUsd">Mean spend to keep, USD, above 0.</param>
    public static double Opening(double targetUsd) => FirstPrice / targetUsd;

    /// <summary>A price within the range that is of use.</summary>
    /// <param name="price">Quality per USD.</param>
    /// <param name="targetUsd">Mean spend to keep, USD, above 0.</param>
    public static double Clip(double price, double targetUsd) => Math.Clamp(price, LowestPrice / targetUsd, HighestPrice / targetUsd);

    /// <summary>Exponentially weighted mean of another series than the cost, with the memory that the cost's has.</summary>
    public static double Smooth(double mean, double value) => mean + (Smoothing * (value - mean));

    /// <summary>The set of arms has changed: what is known of others' predictions no longer applies.</summary>
    /// <param name="arms">How many there are now.</param>
    public void SetArms(int arms) => _recent.Restart(arms);

    /// <summary>Starts around a target.</summary>
    /// <param name="targetUsd">Mean spend to keep, USD, above 0.</param>
    /// <param name="price">Where the price starts, quality per USD; null for <see cref="Opening"/> of whatever target is in force.</param>
    public void Start(double targetUsd, double? price)
    {
        _start = price is { } given ? Clip(given, targetUsd) : 0;
        _feedback = 0;
        _expected = targetUsd;
        _curve.Restart(LowestPrice / targetUsd);
    }

    /// <summary>There is no target any more: forgets what was predicted and paid.</summary>
    public void Stop()
    {
        _start = _feedback = _expected = _explored = _actual = _predicted = 0;
        _curve.Restart(1);
        _recent.Clear();
    }

    /// <summary>The target has moved out of the range that the curve covers: the last decisions are shown again to one around the new target.</summary>
    /// <param name="targetUsd">Mean spend to keep, USD, above 0.</param>
    public void Recentre(double targetUsd)
    {
        _start = 0;
        Redraw(targetUsd);
    }

    /// <summary>Prices have changed: the last decisions are taken in once more as they would have been predicted now.</summary>
    /// <param name="factors">New cost over old cost, per arm; finite, at least 0.</param>
    /// <param name="targetUsd">Mean spend to keep, USD, above 0.</param>
    /// <returns>The price that they ask for, from which things start again; null when there are none, and nothing to go by.</returns>
    public double? Reprice(ReadOnlySpan<double> factors, double targetUsd)
    {
        _recent.Scale(factors);
        Redraw(targetUsd);
        if (_curve.Count == 0)
        {
            return null;
        }

        _start = Clip(_curve.PriceAt(PredictedGreedy(targetUsd)), targetUsd);
        _feedback = 0;
        _expected = targetUsd;
        return _start;
    }

    /// <summary>What is believed of an arm has changed at once: the curve starts again, from the price in force.</summary>
    /// <param name="targetUsd">Mean spend to keep, USD, above 0.</param>
    /// <param name="price">The price in force, quality per USD, above 0.</param>
    public void ResetDual(double targetUsd, double price)
    {
        _start = price;
        _feedback = 0;
        _curve.Restart(LowestPrice / targetUsd);
    }

    /// <summary>Begins to take in a decision's predictions; every feasible arm is offered, then the decision ends.</summary>
    public void Begin()
    {
        _curve.Begin();
        _recent.Begin();
    }

    /// <summary>Takes in one feasible arm of the decision.</summary>
    /// <param name="arm">Its index.</param>
    /// <param name="quality">What it is worth without its cost.</param>
    /// <param name="costUsd">Predicted cost, USD.</param>
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

    /// <summary>Takes in a settled call.</summary>
    /// <param name="costUsd">What it cost, USD.</param>
    /// <param name="predictedUsd">What its decision predicted for the arm that was called, USD.</param>
    /// <param name="aimUsd">What mean spend ought to be now, USD, above 0.</param>
    public void Observe(double costUsd, double predictedUsd, double aimUsd)
    {
        _actual += costUsd - (_actual / RatioMemory);
        _predicted += predictedUsd - (_predicted / RatioMemory);
        _expected = Smooth(_expected, Ratio(aimUsd) * predictedUsd);
        _feedback = Math.Clamp((_feedback * (1 - Leak)) + (StepSize * Math.Clamp((_expected / aimUsd) - 1, -1, 3)), -LargestFeedback, LargestFeedback);
    }

    /// <summary>Shadow price, quality per USD.</summary>
    /// <param name="aimUsd">Mean spend that it is to lead to, USD, above 0: the target, corrected for the past where its owner does so.</param>
    /// <param name="targetUsd">Mean spend to keep, USD, above 0; bounds the price.</param>
    public double Price(double aimUsd, double targetUsd)
    {
        var start = _start > 0 ? _start : Opening(targetUsd);
        var share = _curve.Count / (_curve.Count + StartWeight);
        return Clip(start * Math.Pow(_curve.Count > 0 ? _curve.PriceAt(PredictedGreedy(aimUsd)) / start : 1, share) * Math.Exp(_feedback), targetUsd);
    }

    /// <summary>Whether decisions, as predicted, stay within a target even at the lowest price; false when there is nothing to go by.</summary>
    /// <param name="targetUsd">Mean spend to keep, USD, above 0.</param>
    public bool IsSlack(double targetUsd) => _curve.Count > 0 && _curve.PriceAt(targetUsd / Ratio(targetUsd)) <= LowestPrice / targetUsd;

    public void Write(StateWriter writer)
    {
        writer.Section("priced");
        writer.Double(_start);
        writer.Double(_feedback);
        writer.Double(_expected);
        writer.Double(_explored);
        writer.Double(_actual);
        writer.Double(_predicted);
        _curve.Write(writer);
        _recent.Write(writer);
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("priced");
        _start = reader.Double();
        _feedback = reader.Double();
        _expected = reader.Double();
        _explored = reader.Double();
        _actual = reader.Double();
        _predicted = reader.Double();
        _curve.Read(ref reader);
        _recent.Read(ref reader);
    }

    private void Redraw(double targetUsd)
    {
        _curve.Restart(LowestPrice / targetUsd);
        _recent.Show(_curve);
    }

    // The curve knows what the best arms cost, as predicted; what exploration adds to that must come out of the same target.
    private double PredictedGreedy(double usd)
    {
        var predicted = usd / Ratio(usd);
        return Math.Clamp(predicted - _explored, 0.5 * predicted, 1.5 * predicted);
    }

    private double Ratio(double aimUsd) => (_actual + (RatioPriorCalls * aimUsd)) / (_predicted + (RatioPriorCalls * aimUsd));
}
