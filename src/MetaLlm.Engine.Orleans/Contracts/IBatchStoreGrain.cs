using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>Keeps batches on behalf of callers that have no database. Any silo, any number of them.</summary>
[Alias("metallm.2.batch-store")]
internal interface IBatchStoreGrain : IGrainWithIntegerKey
{
    /// <summary>See <see cref="IBatchStore.PutAsync"/>.</summary>
    [Alias("put-within")]
    ValueTask<bool> PutAsync(StoredBatch batch, int mostOpen, CancellationToken cancellationToken);

    /// <summary>See <see cref="IBatchStore.FindAsync"/>.</summary>
    [Alias("find")]
    ValueTask<StoredBatch?> FindAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>See <see cref="IBatchStore.ListAsync"/>.</summary>
    [Alias("list")]
    ValueTask<IReadOnlyList<StoredBatch>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>See <see cref="IBatchStore.ClaimAsync"/>.</summary>
    [Alias("claim")]
    ValueTask<StoredBatch?> ClaimAsync(string owner, DateTimeOffset now, DateTimeOffset heldUntil, CancellationToken cancellationToken);

    /// <summary>See <see cref="IBatchStore.RenewAsync"/>.</summary>
    [Alias("renew")]
    ValueTask<StoredBatch?> RenewAsync(string tenant, string id, string owner, DateTimeOffset heldUntil, CancellationToken cancellationToken);

    /// <summary>See <see cref="IBatchStore.ReleaseAsync"/>.</summary>
    [Alias("release")]
    ValueTask<bool> ReleaseAsync(string tenant, string id, string owner, CancellationToken cancellationToken);

    /// <summary>See <see cref="IBatchStore.CancelAsync"/>.</summary>
    [Alias("cancel")]
    ValueTask<StoredBatch?> CancelAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>See <see cref="IBatchStore.SaveAsync"/>.</summary>
    [Alias("save")]
    ValueTask<bool> SaveAsync(StoredBatch batch, string owner, CancellationToken cancellationToken);

    /// <summary>See <see cref="IBatchStore.SaveLineAsync"/>.</summary>
    [Alias("save-line")]
    ValueTask<bool> SaveLineAsync(string tenant, string id, string owner, StoredLine line, CancellationToken cancellationToken);

    /// <summary>See <see cref="IBatchStore.ReadLinesAsync"/>.</summary>
    [Alias("read-lines")]
    ValueTask<IReadOnlyList<StoredLine>> ReadLinesAsync(string tenant, string id, int from, int limit, CancellationToken cancellationToken);

    /// <summary>See <see cref="IBatchStore.DropAsync"/>.</summary>
    [Alias("drop")]
    ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>See <see cref="IBatchStore.DeleteTenantAsync"/>.</summary>
    [Alias("delete-tenant")]
    ValueTask<bool> DeleteTenantAsync(string tenant, CancellationToken cancellationToken);
}
