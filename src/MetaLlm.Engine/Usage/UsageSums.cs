namespace MetaLlm.Engine.Usage;

/// <summary>Sums, and whether they hold all that the journal held when they were asked for.</summary>
/// <param name="Rows">The sums; times and groups without a decision and without a failed attempt have none.</param>
/// <param name="IsCurrent">Whether nothing is missing. Where something is, the next question counts on from there.</param>
[GenerateSerializer, Immutable, Alias("metallm.usage-sums")]
public sealed record UsageSums([property: Id(0)] IReadOnlyList<UsageSum> Rows, [property: Id(1)] bool IsCurrent);
