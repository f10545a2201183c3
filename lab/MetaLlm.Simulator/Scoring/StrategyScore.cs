namespace MetaLlm.Simulator.Scoring;

/// <summary>What a way of choosing models would have scored.</summary>
/// <param name="Name">The model, or the rule.</param>
/// <param name="Accuracy">Share of right answers, 0 to 1.</param>
/// <param name="MeanCostUsd">Mean cost of a query in USD.</param>
public sealed record StrategyScore(string Name, double Accuracy, decimal MeanCostUsd);
