using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Batches;

namespace MetaLlm.Storage.Postgres;

/// <summary>Batches in PostgreSQL.</summary>
/// <param name="database">The database.</param>
public sealed class PostgresBatchStore(PostgresDatabase database) : IBatchStore
{
    private static readonly string Put = TenantTurn.Of("@Tenant", BatchSql.Put);

    /// <inheritdoc/>
    public async ValueTask<bool> PutAsync(StoredBatch batch, int mostOpen, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostOpen, 1);
        return await database.ExecuteAsync(Put, BatchRow.Of(batch, mostOpen), cancellationToken).ConfigureAwait(false) > 0;
    }

    /// <inheritdoc/>
    public ValueTask<StoredBatch?> FindAsync(string tenant, string id, CancellationToken cancellationToken) => FindAsync(BatchSql.Find, new { tenant, id }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredBatch>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return [.. (await database.QueryAsync<BatchRow>(BatchSql.List, new { tenant, after, limit }, cancellationToken).ConfigureAwait(false)).Select(row => row.ToBatch())];
    }

    /// <inheritdoc/>
    public async ValueTask<StoredBatch?> ClaimAsync(string owner, DateTimeOffset now, DateTimeOffset heldUntil, CancellationToken cancellationToken)
    {
        var row = new { owner, now = now.UtcTicks, heldUntil = heldUntil.UtcTicks };
        return await database.ExecuteAsync(BatchSql.Claim, row, cancellationToken).ConfigureAwait(false) > 0
            ? await FindAsync(BatchSql.FindClaimed, row, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<StoredBatch?> RenewAsync(string tenant, string id, string owner, DateTimeOffset heldUntil, CancellationToken cancellationToken)
    {
        var row = new { tenant, id, owner, heldUntil = heldUntil.UtcTicks };
        return await database.ExecuteAsync(BatchSql.Renew, row, cancellationToken).ConfigureAwait(false) > 0
            ? await FindAsync(BatchSql.FindOwned, row, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(string tenant, string id, string owner, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(BatchSql.Release, new { tenant, id, owner }, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<StoredBatch?> CancelAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(BatchSql.Cancel, new { tenant, id, at = at.UtcTicks }, cancellationToken).ConfigureAwait(false);
        return await FindAsync(tenant, id, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SaveAsync(StoredBatch batch, string owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var row = new { tenant = batch.Tenant, id = batch.Id, owner, document = batch.Document, isOpen = batch.IsOpen ? 1L : 0 };
        var saved = await database.ExecuteAsync(BatchSql.Save, row, cancellationToken).ConfigureAwait(false) > 0;
        if (saved && !batch.IsOpen)
        {
            await database.ExecuteAsync(BatchSql.DeleteLines, row, cancellationToken).ConfigureAwait(false);
        }

        return saved;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SaveLineAsync(string tenant, string id, string owner, StoredLine line, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(line);
        return await database.ExecuteAsync(BatchSql.SaveLine, new { tenant, id, owner, number = (long)line.Number, state = line.State }, cancellationToken).ConfigureAwait(false) > 0;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredLine>> ReadLinesAsync(string tenant, string id, int from, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return [.. (await database.QueryAsync<BatchLineRow>(BatchSql.ReadLines, new { tenant, id, from = (long)from, limit }, cancellationToken).ConfigureAwait(false)).Select(row => row.ToLine())];
    }

    /// <inheritdoc/>
    public async ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.ExecuteAsync(BatchSql.Drop, new { before = before.UtcTicks, limit }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(BatchSql.DeleteTenant, new { tenant }, cancellationToken).ConfigureAwait(false);
        await database.ExecuteAsync(BatchSql.DeleteTenantLines, new { tenant }, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<StoredBatch?> FindAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        (await database.QueryAsync<BatchRow>(sql, parameters, cancellationToken).ConfigureAwait(false)).SingleOrDefault()?.ToBatch();
}
