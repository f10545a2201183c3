using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>The batches of a cluster whose silos have the database.</summary>
/// <param name="grains">The cluster.</param>
internal sealed class GrainBatchStore(IGrainFactory grains) : IBatchStore
{
    private IBatchStoreGrain? _worker;

    private IBatchStoreGrain Worker => _worker ??= StoreGrains.Find<IBatchStoreGrain>(grains, "batches");

    /// <inheritdoc/>
    public ValueTask<bool> PutAsync(StoredBatch batch, int mostOpen, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.PutAsync(batch, mostOpen, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<StoredBatch?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.FindAsync(tenant, id, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredBatch>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.ListAsync(tenant, after, limit, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<StoredBatch?> ClaimAsync(string owner, DateTimeOffset now, DateTimeOffset heldUntil, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.ClaimAsync(owner, now, heldUntil, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<StoredBatch?> RenewAsync(string tenant, string id, string owner, DateTimeOffset heldUntil, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.RenewAsync(tenant, id, owner, heldUntil, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(string tenant, string id, string owner, CancellationToken cancellationToken) =>
        await ClusterFailures.TranslateAsync(Worker.ReleaseAsync(tenant, id, owner, cancellationToken)).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<StoredBatch?> CancelAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.CancelAsync(tenant, id, at, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> SaveAsync(StoredBatch batch, string owner, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.SaveAsync(batch, owner, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> SaveLineAsync(string tenant, string id, string owner, StoredLine line, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.SaveLineAsync(tenant, id, owner, line, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredLine>> ReadLinesAsync(string tenant, string id, int from, int limit, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.ReadLinesAsync(tenant, id, from, limit, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.DropAsync(before, limit, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await ClusterFailures.TranslateAsync(Worker.DeleteTenantAsync(tenant, cancellationToken)).ConfigureAwait(false);
}
