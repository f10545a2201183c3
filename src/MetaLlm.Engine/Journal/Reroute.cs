namespace MetaLlm.Engine.Journal;

/// <summary>Another arm takes over a call.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="ToArm">The arm that takes over.</param>
/// <param name="ReservedUsd">Its predicted cost, USD, which takes the place of the other's.</param>
/// <param name="Reason">Why, in a few words without prompt content.</param>
/// <param name="BoundUsd">What caps set aside for a call of that arm, USD; in a journal, all that they set aside from now on, the attempts before included.</param>
/// <param name="AttemptsUsd">
/// Most that the attempts before can be charged, USD, at least 0. Null where that is not known: then all that was set aside for them stays so until the call ends.
/// </param>
[GenerateSerializer, Immutable, Alias("metallm.reroute")]
public sealed record Reroute(
    [property: Id(0)] string DecisionId,
    [property: Id(1)] string ToArm,
    [property: Id(2)] double ReservedUsd,
    [property: Id(3)] string Reason,
    [property: Id(4)] double BoundUsd = 0,
    [property: Id(5)] double? AttemptsUsd = null);
