namespace MetaLlm.Engine.Retention;

/// <summary>Decisions of a tenant that are old enough to go.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Decisions">How many they are at most: those with a running call, or with news, stay longer. Not counted beyond 100,000.</param>
/// <param name="FirstAt">When the first was made, UTC.</param>
[GenerateSerializer, Immutable, Alias("metallm.old-decisions")]
public sealed record OldDecisions([property: Id(0)] string Tenant, [property: Id(1)] long Decisions, [property: Id(2)] DateTimeOffset FirstAt);
