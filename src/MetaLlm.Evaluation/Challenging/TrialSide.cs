namespace MetaLlm.Evaluation.Challenging;

/// <summary>What a policy would do on the logged decisions.</summary>
/// <param name="Reward">Mean reward, doubly robust.</param>
/// <param name="CostUsd">Mean predicted cost, USD per request.</param>
internal readonly record struct TrialSide(double Reward, double CostUsd);
