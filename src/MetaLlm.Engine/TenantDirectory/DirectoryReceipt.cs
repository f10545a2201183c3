namespace MetaLlm.Engine.TenantDirectory;

/// <summary>What became of a change of the directory.</summary>
/// <param name="Outcome">Whether it was written, or why not.</param>
/// <param name="Revision">The change's revision; that of the directory where nothing was written.</param>
/// <param name="Tenant">The tenant as it is now; null where there is none, or the change was about a key.</param>
[GenerateSerializer, Immutable, Alias("metallm.directory-receipt")]
public sealed record DirectoryReceipt(
    [property: Id(0)] DirectoryOutcome Outcome,
    [property: Id(1)] long Revision,
    [property: Id(2)] DirectoryTenant? Tenant);
