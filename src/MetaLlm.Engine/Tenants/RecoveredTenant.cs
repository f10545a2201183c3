using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Tenants;

/// <summary>A rebuilt state.</summary>
/// <param name="State">The state; without a configuration when nothing was ever recorded.</param>
/// <param name="ETag">ETag of the newest snapshot, null without one.</param>
/// <param name="Replayed">Decisions and events that the snapshot does not hold yet.</param>
internal sealed record RecoveredTenant(TenantState State, string? ETag, int Replayed);
