namespace MetaLlm.Engine.Journal;

/// <summary>What a policy knows after it was rebuilt from the journal.</summary>
/// <param name="Decisions">Decisions that its arms' counters hold.</param>
/// <param name="Rewards">Rewards that they hold.</param>
/// <param name="Sequence">The event's sequence.</param>
[GenerateSerializer, Immutable, Alias("metallm.relearn-receipt")]
public sealed record RelearnReceipt(
    [property: Id(0)] long Decisions,
    [property: Id(1)] long Rewards,
    [property: Id(2)] long Sequence);
