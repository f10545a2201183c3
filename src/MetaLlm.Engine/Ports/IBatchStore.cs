using MetaLlm.Engine.Batches;

namespace MetaLlm.Engine.Ports;

/// <summary>Batches of tenants, and what has become of their queries. Each tenant sees its own. Of all nodes, one at a time runs a batch: the one whose claim holds.</summary>
/// <remarks>
/// Implementations are safe for concurrent use, by several processes as well. Where the store is away, a call fails with an <see cref="EngineUnavailableException"/>; a change may then be
/// written or not.
/// </remarks>
public interface IBatchStore
{
    /// <summary>Adds a batch, which nobody runs, where its tenant has room for it. It is durable when the call returns.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="mostOpen">Most open batches of the tenant, this one included; at least 1. Of several that come at once, no more than that are added.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <returns>Whether it was added.</returns>
    ValueTask<bool> PutAsync(StoredBatch batch, int mostOpen, CancellationToken cancellationToken);

    /// <summary>A batch; null where there is none.</summary>
    ValueTask<StoredBatch?> FindAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>Batches, the newest first.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="after">The batch after which to go on; null to begin. One that is unknown gives an empty list.</param>
    /// <param name="limit">Most batches, at least 1.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<IReadOnlyList<StoredBatch>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Claims the oldest open batch of all tenants that nobody runs.</summary>
    /// <param name="owner">Who is to run it; a name for this claim alone.</param>
    /// <param name="now">The time, at which an earlier claim may have ended.</param>
    /// <param name="heldUntil">How long the claim holds unless it is renewed.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <returns>The batch; null where there is none to run.</returns>
    ValueTask<StoredBatch?> ClaimAsync(string owner, DateTimeOffset now, DateTimeOffset heldUntil, CancellationToken cancellationToken);

    /// <summary>Says that a batch still runs.</summary>
    /// <returns>The batch as it is; null where the claim is another's.</returns>
    ValueTask<StoredBatch?> RenewAsync(string tenant, string id, string owner, DateTimeOffset heldUntil, CancellationToken cancellationToken);

    /// <summary>Lets go of a batch, so that it may be claimed at once.</summary>
    ValueTask ReleaseAsync(string tenant, string id, string owner, CancellationToken cancellationToken);

    /// <summary>Asks a batch to stop. One that was asked before, or is not open, stays as it is.</summary>
    /// <returns>The batch as it is then; null where there is none.</returns>
    ValueTask<StoredBatch?> CancelAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Writes what is known of a batch. It is durable when the call returns.</summary>
    /// <param name="batch">The batch; where it is not open any more, what is known of its queries goes.</param>
    /// <param name="owner">Whose claim it is.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <returns>Whether the claim held; nothing is written otherwise.</returns>
    ValueTask<bool> SaveAsync(StoredBatch batch, string owner, CancellationToken cancellationToken);

    /// <summary>Writes what has become of a query. It is durable when the call returns.</summary>
    /// <returns>Whether the claim held; nothing is written otherwise.</returns>
    ValueTask<bool> SaveLineAsync(string tenant, string id, string owner, StoredLine line, CancellationToken cancellationToken);

    /// <summary>What has become of queries, by their number.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">The batch.</param>
    /// <param name="from">The first number, at least 0.</param>
    /// <param name="limit">Most queries, at least 1.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<IReadOnlyList<StoredLine>> ReadLinesAsync(string tenant, string id, int from, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes batches of all tenants that are not open and older than a time.</summary>
    /// <param name="before">The time.</param>
    /// <param name="limit">Most batches to delete, at least 1.</param>
    /// <param name="cancellationToken">Cancels before anything is deleted.</param>
    /// <returns>How many were deleted; fewer than the limit when no more are left.</returns>
    ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes all batches of a tenant; whoever runs one loses its claim.</summary>
    ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken);
}
