using MetaLlm.Core.Arms;

namespace MetaLlm.Core.Tenancy;

/// <summary>An attempt at an arm that gave the client no answer. Its upstream may charge for it all the same.</summary>
/// <param name="ArmId">The arm.</param>
/// <param name="Kind">How it failed.</param>
/// <param name="Usage">Tokens that the upstream may charge for; all 0 where it cannot have begun.</param>
/// <param name="CostUsd">What it cost, USD, at least 0; null until priced from <paramref name="Usage"/> at the prices in force.</param>
/// <param name="Seconds">How long it took, at least 0.</param>
/// <param name="Deployment">The deployment of the arm that was tried; null where it has one only.</param>
[GenerateSerializer, Immutable, Alias("metallm.failed-attempt")]
public sealed record FailedAttempt(
    [property: Id(0)] string ArmId,
    [property: Id(1)] FailureKind Kind,
    [property: Id(2)] TokenUsage Usage,
    [property: Id(3)] double? CostUsd,
    [property: Id(4)] double Seconds,
    [property: Id(5)] string? Deployment = null);
