using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>
/// What may be spent beyond the greedy arm's cost in order to learn: a small share of the budget, saved up over a limited number of
/// decisions. A choice may overdraw it; then nothing more expensive than the greedy arm is explored until it has recovered.
/// </summary>
internal sealed class ExplorationBudget
{
    private const double Share = 0.05;
    private const double LargestSavings = 50;

    /// <summary>USD in the exploration budget; negative when overdrawn.</summary>
    public double Balance { get; private set; }

    /// <summary>What the next decision may spend, USD, at least 0; infinite without a budget.</summary>
    public double Allowance(double targetUsd) => double.IsFinite(targetUsd) ? Math.Max(0, After(targetUsd)) : double.PositiveInfinity;

    /// <summary>One decision was made.</summary>
    /// <param name="targetUsd">Mean spend to keep, USD; infinite without a budget.</param>
    /// <param name="extraUsd">Predicted cost of the chosen arm beyond the greedy one's.</param>
    public void Record(double targetUsd, double extraUsd) =>
        Balance = double.IsFinite(targetUsd) ? After(targetUsd) - Math.Max(0, extraUsd) : 0;

    /// <summary>Starts again, with nothing in it.</summary>
    public void Reset() => Balance = 0;

    public void Write(StateWriter writer)
    {
        writer.Section("purse");
        writer.Double(Balance);
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("purse");
        Balance = reader.Double();
    }

    private double After(double targetUsd) => Math.Min(Balance + (Share * targetUsd), LargestSavings * Share * targetUsd);
}
