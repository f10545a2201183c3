namespace MetaLlm.Engine.Retention;

/// <summary>A file of the archive.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Day">The day of its decisions, UTC, as <c>YYYY-MM-DD</c>.</param>
/// <param name="Name">Its name within the tenant's and the day's directory.</param>
/// <param name="Bytes">Its length.</param>
[GenerateSerializer, Immutable, Alias("metallm.archive-file")]
public sealed record ArchiveFile([property: Id(0)] string Tenant, [property: Id(1)] string Day, [property: Id(2)] string Name, [property: Id(3)] long Bytes);
