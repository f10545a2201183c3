namespace MetaLlm.Core.Tenancy;

/// <summary>A model that is no arm of the policy, with what a call of it costs.</summary>
/// <param name="ArmId">Its id; that of no arm.</param>
/// <param name="CostUsd">What the call is predicted to cost, USD; finite, at least 0.</param>
/// <param name="BoundUsd">The most that the call can cost, USD; finite, at least <paramref name="CostUsd"/>.</param>
/// <param name="Exclusion">Why it cannot serve the call (see <see cref="ArmExclusions"/>); null when it can.</param>
[GenerateSerializer, Immutable, Alias("metallm.priced-candidate")]
public sealed record PricedCandidate(
    [property: Id(0)] string ArmId,
    [property: Id(1)] double CostUsd,
    [property: Id(2)] double BoundUsd,
    [property: Id(3)] string? Exclusion = null);
