using MetaLlm.Engine.TenantDirectory;

namespace MetaLlm.Engine.Ports;

/// <summary>Tenants and keys that are managed while the product serves, with every change of them.</summary>
/// <remarks>
/// One number, the revision, counts all changes: who has seen the changes up to a revision, and then reads what later ones are about, is up to date. Implementations are safe
/// for concurrent use, by several processes as well. Where the store is away, a call fails with an <see cref="EngineUnavailableException"/>; a change may then be written or not.
/// </remarks>
public interface ITenantDirectory
{
    /// <summary>The revision of the newest change; 0 before the first.</summary>
    ValueTask<long> GetRevisionAsync(CancellationToken cancellationToken);

    /// <summary>Changes in the order of their revisions.</summary>
    ValueTask<IReadOnlyList<DirectoryChange>> ReadChangesAsync(DirectoryChangeQuery query, CancellationToken cancellationToken);

    /// <summary>A tenant; null where there is none, or it was deleted.</summary>
    ValueTask<DirectoryTenant?> FindTenantAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Tenants in the order of their ids, compared by their bytes.</summary>
    /// <param name="after">The id that they come after; null for the first.</param>
    /// <param name="limit">Most tenants to read, at least 1.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<IReadOnlyList<DirectoryTenant>> ListTenantsAsync(string? after, int limit, CancellationToken cancellationToken);

    /// <summary>A key; null where there is none, or it was revoked. One that has expired is found.</summary>
    ValueTask<DirectoryKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken);

    /// <summary>Keys that were not revoked, in the order of their ids.</summary>
    /// <param name="tenant">The tenant that they belong to; null for those that manage.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<IReadOnlyList<DirectoryKey>> ListKeysAsync(string? tenant, CancellationToken cancellationToken);

    /// <summary>Makes a change, and records it, in one transaction.</summary>
    /// <exception cref="ArgumentException">The change lacks what its action needs, or holds what a store cannot keep.</exception>
    ValueTask<DirectoryReceipt> WriteAsync(DirectoryWrite write, CancellationToken cancellationToken);

    /// <summary>Notes when keys were used last. That is no change: it has no revision.</summary>
    ValueTask RecordUsesAsync(IReadOnlyList<KeyUse> uses, CancellationToken cancellationToken);
}
