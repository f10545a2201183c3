namespace MetaLlm.Engine.Usage;

/// <summary>Which decisions to add up, and by what.</summary>
/// <param name="Tenant">The tenant; null for all.</param>
/// <param name="From">The earliest time of a decision, UTC.</param>
/// <param name="To">The time before which decisions were made, UTC.</param>
/// <param name="By">What a row stands for.</param>
[GenerateSerializer, Immutable, Alias("metallm.usage-query")]
public sealed record UsageQuery(
    [property: Id(0)] string? Tenant,
    [property: Id(1)] DateTimeOffset From,
    [property: Id(2)] DateTimeOffset To,
    [property: Id(3)] UsageGrouping By);
