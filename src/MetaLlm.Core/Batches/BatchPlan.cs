namespace MetaLlm.Core.Batches;

/// <summary>Which arm is to answer each query of a batch, and what is expected of it.</summary>
/// <param name="Choices">Per query, index of the arm; -1 where no arm can answer.</param>
/// <param name="CostUsd">Expected cost of all queries, USD.</param>
/// <param name="Quality">Expected mean reward over all queries; one that no arm can answer counts as 0.</param>
/// <param name="QualityDeviation">
/// Standard deviation of the mean reward: that of single rewards, taken as yes or no, and that of predictions, whose errors are taken to be the same for all
/// queries of an arm and independent between arms.
/// </param>
/// <param name="Value">Mean of what was maximised: predicted reward less caution times its deviation.</param>
/// <param name="ValueBound">Most that <paramref name="Value"/> can be for that budget, or <see cref="Value"/> itself for a plan that was made for a quality.</param>
public sealed record BatchPlan(int[] Choices, double CostUsd, double Quality, double QualityDeviation, double Value, double ValueBound)
{
    private const double Normal95 = 1.96;

    /// <summary>Lower end of the 95 % interval of the mean reward, at least 0.</summary>
    public double QualityLow => Math.Max(0, Quality - (Normal95 * QualityDeviation));

    /// <summary>Upper end of the 95 % interval of the mean reward, at most 1.</summary>
    public double QualityHigh => Math.Min(1, Quality + (Normal95 * QualityDeviation));
}
