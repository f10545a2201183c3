namespace MetaLlm.Core.Bandits;

/// <summary>Reusable result of <see cref="IBanditPolicy.Decide"/>: one entry per arm, by arm index.</summary>
public sealed class DecisionScores
{
    /// <summary>Creates buffers.</summary>
    /// <param name="arms">Number of arms, at least 1.</param>
    public DecisionScores(int arms)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(arms, 1);
        Quality = new double[arms];
        QualityDeviation = new double[arms];
        CostUsd = new double[arms];
        OutputTokens = new double[arms];
        LatencySeconds = new double[arms];
        Score = new double[arms];
        Propensity = new double[arms];
        FailureLoss = new double[arms];
        WarmCostUsd = new double[arms];
    }

    /// <summary>Predicted reward.</summary>
    public double[] Quality { get; }

    /// <summary>Standard deviation of that prediction (of the mean, not of a single reward).</summary>
    public double[] QualityDeviation { get; }

    /// <summary>Predicted cost of the call, USD.</summary>
    public double[] CostUsd { get; }

    /// <summary>Predicted completion tokens.</summary>
    public double[] OutputTokens { get; }

    /// <summary>How many times as many completion tokens as predicted 99 of 100 calls stay below; infinite where nothing is known of their spread.</summary>
    public double OutputQuantileFactor { get; set; } = double.PositiveInfinity;

    /// <summary>Predicted seconds to the full answer.</summary>
    public double[] LatencySeconds { get; }

    /// <summary>What the policy maximises; negative infinity for infeasible arms.</summary>
    public double[] Score { get; }

    /// <summary>Exact probability of being chosen.</summary>
    public double[] Propensity { get; }

    /// <summary>Quality that is expected to be lost by failures of the arm, 0 while there were none: part of the score, not of <see cref="Quality"/>.</summary>
    internal double[] FailureLoss { get; }

    /// <summary>Predicted cost of the call if the arm had served the turn before, USD; filled where the query says what caches do.</summary>
    internal double[] WarmCostUsd { get; }

    /// <summary>The arm with the best score without exploration.</summary>
    public int Greedy { get; set; }
}
