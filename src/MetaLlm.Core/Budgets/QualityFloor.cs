using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>
/// The shadow price at which the mean observed reward just keeps a floor: the dual of "least cost at a given mean quality". Choices maximise
/// (1 + mu) q - top c, which is q - lambda c with lambda = top / (1 + mu); top is so high that the cheapest arm wins at mu = 0. After every reward r
/// of weight v, u = ln(1 + mu) moves by eta v (aim - r) within [0, span], where the aim makes good, over the next few hundred rewards, what the mean is short of or
/// ahead of the floor. At u = span money has no price: the floor is out of reach, and the best quality is chosen.
/// </summary>
internal sealed class QualityFloor
{
    /// <summary>Rewards before anything is said about whether the floor is kept.</summary>
    public const int FewestRewards = 50;

    private const double StepSize = 0.1;
    private const double RecoveryRewards = 300;
    private const double LargestCorrection = 0.05;
    private const double LargestDebt = 200;
    private const double RecentWeight = 1.0 / 500;

    // In units of quality per call of the cheapest, or the most expensive, arm: beyond these no choice changes.
    private const double HighestPrice = 5;
    private const double LowestPrice = 1e-3;

    // Prices within this factor of the lowest (natural logarithm) give nothing away any more.
    private const double NearTop = 2;

    private const double TypicalInput = 256;

    private double _floor = double.NaN;
    private double _top;
    private double _span;
    private double _position;
    private double _debt;
    private double _recent;

    /// <summary>Rewards seen since the floor was set.</summary>
    public long Rewards { get; private set; }

    /// <summary>Mean of the last few hundred rewards; NaN before the first.</summary>
    public double RecentReward => Rewards == 0 ? double.NaN : _recent;

    /// <summary>Whether even the best quality costs nothing to be chosen, and there is no more to be had.</summary>
    public bool Exhausted => Rewards >= FewestRewards && _position > _span - NearTop && _recent < _floor;

    /// <summary>Shadow price, quality per USD; 0 without a floor.</summary>
    public double Lambda => double.IsNaN(_floor) || _position >= _span ? 0 : _top * Math.Exp(-_position);

    /// <summary>Sets, changes or removes the floor; the price in force is kept as far as the arms' costs allow.</summary>
    /// <param name="floor">Mean reward to keep, 0 to 1; null removes the floor.</param>
    /// <param name="arms">The arms, whose expected costs say which prices matter.</param>
    public void Set(double? floor, IReadOnlyList<Arm> arms)
    {
        if (floor is not { } value)
        {
            _floor = double.NaN;
            (_top, _span, _position, _debt, _recent, Rewards) = (0, 0, 0, 0, 0, 0);
            return;
        }

        var lambda = Lambda;
        var (cheapest, mostExpensive) = Costs(arms);
        _top = HighestPrice / cheapest;
        _span = Math.Log(_top * mostExpensive / LowestPrice);
        _position = lambda > 0 ? Math.Clamp(Math.Log(_top / lambda), 0, _span) : double.IsNaN(_floor) ? _span / 2 : _span;
        if (_floor != value)
        {
            _floor = value;
            (_debt, _recent, Rewards) = (0, 0, 0);
        }
    }

    /// <summary>Takes in a reward, or one that replaces another.</summary>
    public void Observe(double reward, double weight, double? previous, double previousWeight)
    {
        if (double.IsNaN(_floor))
        {
            return;
        }

        if (previous is { } replaced)
        {
            // As if the new one had come at first.
            var change = (weight * (_floor - reward)) - (previousWeight * (_floor - replaced));
            Move(change);
            _debt = Math.Clamp(_debt + change, -LargestDebt, LargestDebt);
            return;
        }

        Move(weight * (_floor + Math.Clamp(_debt / RecoveryRewards, -LargestCorrection, LargestCorrection) - reward));
        _debt = Math.Clamp(_debt + (weight * (_floor - reward)), -LargestDebt, LargestDebt);
        Rewards++;
        _recent += Math.Max(RecentWeight, 1.0 / Rewards) * weight * (reward - _recent);
    }

    public void Write(StateWriter writer)
    {
        writer.Section("floor");
        writer.Double(_floor);
        writer.Double(_top);
        writer.Double(_span);
        writer.Double(_position);
        writer.Double(_debt);
        writer.Double(_recent);
        writer.Long(Rewards);
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("floor");
        _floor = reader.Double();
        _top = reader.Double();
        _span = reader.Double();
        _position = reader.Double();
        _debt = reader.Double();
        _recent = reader.Double();
        Rewards = reader.Long();
    }

    private void Move(double error) => _position = Math.Clamp(_position + (StepSize * error), 0, _span);

    // A free arm must not make every price infinite: it counts as ten thousand times cheaper than the most expensive.
    private static (double Cheapest, double MostExpensive) Costs(IReadOnlyList<Arm> arms)
    {
        var costs = arms.Where(a => a.Enabled).DefaultIfEmpty(arms[0]).Select(a => a.Cost(new TokenUsage(TypicalInput, 0, a.PriorOutputTokens))).ToList();
        var mostExpensive = Math.Max(1e-12, costs.Max());
        return (Math.Max(costs.Min(), 1e-4 * mostExpensive), mostExpensive);
    }
}
