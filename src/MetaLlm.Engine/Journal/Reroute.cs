namespace MetaLlm.Engine.Journal;

/// <summary>Another arm takes over a call.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="ToArm">The arm that takes over.</param>
/// <param name="ReservedUsd">USD to set aside for it instead.</param>
/// <param name="Reason">Why, in a few words without prompt content.</param>
/// <param name="BoundUsd">Most that the call of that arm can cost, USD: what a hard cap sets aside for it.</param>
[GenerateSerializer, Immutable, Alias("metallm.reroute")]
public sealed record Reroute(
    [property: Id(0)] string DecisionId,
    [property: Id(1)] string ToArm,
    [property: Id(2)] double ReservedUsd,
    [property: Id(3)] string Reason,
    [property: Id(4)] double BoundUsd = 0);
