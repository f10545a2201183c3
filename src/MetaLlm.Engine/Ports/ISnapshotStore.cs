namespace MetaLlm.Engine.Ports;

/// <summary>Keeps the newest snapshot of each tenant's learned state. A snapshot only shortens recovery: the journal is the truth.</summary>
public interface ISnapshotStore
{
    /// <summary>The newest snapshot, or null.</summary>
    ValueTask<StoredSnapshot?> LoadAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Replaces the snapshot.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="snapshot">The new one.</param>
    /// <param name="expectedETag">ETag of the one to replace, null when there is none.</param>
    /// <param name="cancellationToken">Cancels before the write.</param>
    /// <returns>The new ETag.</returns>
    /// <exception cref="FencedException">Another snapshot is there; nothing was written.</exception>
    ValueTask<string> SaveAsync(string tenant, Snapshot snapshot, string? expectedETag, CancellationToken cancellationToken);
}
