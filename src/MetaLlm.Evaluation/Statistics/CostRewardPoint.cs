namespace MetaLlm.Evaluation.Statistics;

/// <summary>What a policy spends and earns on average.</summary>
/// <param name="Cost">Mean cost, USD per request.</param>
/// <param name="Reward">Mean reward, 0 to 1.</param>
public readonly record struct CostRewardPoint(double Cost, double Reward);
