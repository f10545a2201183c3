namespace MetaLlm.Lab.Replay.Cascades;

/// <summary>What a cascade did on one seed's scored requests, beside single calls at the same spend.</summary>
/// <param name="Reward">Mean reward of what clients saw.</param>
/// <param name="CostUsd">Mean cost of all calls, USD per request.</param>
/// <param name="Escalated">Share of the requests in which a second model took over.</param>
/// <param name="SingleReward">Mean reward of the same policy, one call each, with that cost as its budget.</param>
/// <param name="SingleCostUsd">What it spent, USD per request.</param>
/// <param name="MixReward">Mean reward of the best mix of fixed models at that cost, known in hindsight.</param>
/// <param name="Brier">Mean squared error of the doubt, over all answers that were weighed.</param>
internal sealed record CascadeOutcome(double Reward, double CostUsd, double Escalated, double SingleReward, double SingleCostUsd, double MixReward, double Brier);
