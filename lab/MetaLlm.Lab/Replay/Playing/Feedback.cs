using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Replay.Playing;

/// <summary>A client's feedback on its way to the policy.</summary>
/// <param name="Decision">The decision it is about.</param>
/// <param name="Key">Idempotency key: equal keys of one decision are the same feedback.</param>
/// <param name="Reward">The reward, 0 to 1.</param>
/// <param name="PreviousReward">The reward that it corrects; null for a decision's first.</param>
internal sealed record Feedback(DecisionFacts Decision, string Key, double Reward, double? PreviousReward);
