namespace MetaLlm.Engine.TenantDirectory;

/// <summary>What a store writes for a change.</summary>
/// <param name="Outcome">Whether it writes anything.</param>
/// <param name="Tenant">The tenant's row; null to leave it, or to mark it as deleted where the change says so.</param>
/// <param name="Change">The change to record; null where nothing is written.</param>
public sealed record DirectoryStep(DirectoryOutcome Outcome, DirectoryTenant? Tenant, DirectoryChange? Change);
