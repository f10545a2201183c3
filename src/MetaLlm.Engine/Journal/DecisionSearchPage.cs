namespace MetaLlm.Engine.Journal;

/// <summary>A part of what a search has found.</summary>
/// <param name="Decisions">The decisions, newest first.</param>
/// <param name="Next">Where to go on (<see cref="DecisionSearchQuery.Before"/>); null at the end. There may be more although none was found here.</param>
[GenerateSerializer, Immutable, Alias("metallm.decision-search-page")]
public sealed record DecisionSearchPage(
    [property: Id(0)] IReadOnlyList<DecisionSummary> Decisions,
    [property: Id(1)] long? Next);
