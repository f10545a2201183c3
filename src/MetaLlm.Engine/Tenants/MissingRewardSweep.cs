using MetaLlm.Core.Imputation;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Tenants;

/// <summary>What a sweep needs to know of the state, which it must not touch.</summary>
/// <param name="Option">What missing rewards are taken to be.</param>
/// <param name="Through">Ordinal up to which they have been.</param>
/// <param name="Predictor">Predicts them; null for <see cref="MissingReward.Value"/>.</param>
/// <param name="Swept">What sweeps under the option are done with.</param>
internal sealed record MissingRewardSweep(MissingReward Option, long Through, RewardPredictor? Predictor, SweptDecisions Swept);
