using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>The silo's batches for processes that have no store. It keeps nothing itself, so that calls may interleave.</summary>
[GrainType("metallm.batch-store")]
[StatelessWorker, Reentrant]
internal sealed class BatchStoreGrain(IServiceProvider services) : Grain, IBatchStoreGrain
{
    private IBatchStore Store => services.GetService<IBatchStore>() ?? throw new EngineUnavailableException("The silo's store keeps no batches.");

    /// <inheritdoc/>
    public ValueTask<bool> PutAsync(StoredBatch batch, int mostOpen, CancellationToken cancellationToken) =>
        Store.PutAsync(batch, mostOpen, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredBatch?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        Store.FindAsync(tenant, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredBatch>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken) =>
        Store.ListAsync(tenant, after, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredBatch?> ClaimAsync(string owner, DateTimeOffset now, DateTimeOffset heldUntil, CancellationToken cancellationToken) =>
        Store.ClaimAsync(owner, now, heldUntil, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredBatch?> RenewAsync(string tenant, string id, string owner, DateTimeOffset heldUntil, CancellationToken cancellationToken) =>
        Store.RenewAsync(tenant, id, owner, heldUntil, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> ReleaseAsync(string tenant, string id, string owner, CancellationToken cancellationToken)
    {
        await Store.ReleaseAsync(tenant, id, owner, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<StoredBatch?> CancelAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken) =>
        Store.CancelAsync(tenant, id, at, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> SaveAsync(StoredBatch batch, string owner, CancellationToken cancellationToken) =>
        Store.SaveAsync(batch, owner, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> SaveLineAsync(string tenant, string id, string owner, StoredLine line, CancellationToken cancellationToken) =>
        Store.SaveLineAsync(tenant, id, owner, line, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredLine>> ReadLinesAsync(string tenant, string id, int from, int limit, CancellationToken cancellationToken) =>
        Store.ReadLinesAsync(tenant, id, from, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Store.DropAsync(before, limit, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        await Store.DeleteTenantAsync(tenant, cancellationToken);
        return true;
    }
}
