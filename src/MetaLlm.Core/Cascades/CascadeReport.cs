namespace MetaLlm.Core.Cascades;

/// <summary>What a tenant's cascade has done.</summary>
/// <param name="Weighed">Answers that were weighed.</param>
/// <param name="Escalated">Those of them that another model's answer took the place of.</param>
/// <param name="FirstUsd">What the answers cost that never left, USD.</param>
/// <param name="SecondUsd">What the answers cost that took their place, USD.</param>
/// <param name="Rewarded">Weighed answers whose rewards have taught the cascade.</param>
[GenerateSerializer, Immutable, Alias("metallm.cascade-report")]
public sealed record CascadeReport(
    [property: Id(0)] long Weighed,
    [property: Id(1)] long Escalated,
    [property: Id(2)] double FirstUsd,
    [property: Id(3)] double SecondUsd,
    [property: Id(4)] long Rewarded);
