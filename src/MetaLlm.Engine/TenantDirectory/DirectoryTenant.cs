namespace MetaLlm.Engine.TenantDirectory;

/// <summary>A tenant of the directory.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Revision">Revision of its last change, at least 1.</param>
/// <param name="Document">JSON: the tenant object of a configuration file, without keys.</param>
/// <param name="CreatedAt">When it was created, UTC.</param>
/// <param name="UpdatedAt">When it was changed last, UTC.</param>
[GenerateSerializer, Immutable, Alias("metallm.directory-tenant")]
public sealed record DirectoryTenant(
    [property: Id(0)] string Id,
    [property: Id(1)] long Revision,
    [property: Id(2)] string Document,
    [property: Id(3)] DateTimeOffset CreatedAt,
    [property: Id(4)] DateTimeOffset UpdatedAt);
