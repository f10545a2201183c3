using Dapper;
using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Batches;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Batches in the journal's file, written by its one writer.</summary>
/// <param name="database">The open file.</param>
public sealed class SqliteBatchStore(SqliteDatabase database) : IBatchStore
{
    /// <inheritdoc/>
    public async ValueTask<bool> PutAsync(StoredBatch batch, int mostOpen, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostOpen, 1);
        var row = BatchRow.Of(batch, mostOpen);
        return await database.Writer.WriteAsync(session => session.Connection.Execute(BatchSql.Put, row), cancellationToken).ConfigureAwait(false) > 0;
    }

    /// <inheritdoc/>
    public ValueTask<StoredBatch?> FindAsync(string tenant, string id, CancellationToken cancellationToken) => ValueTask.FromResult(database.Read(
        session => session.Connection.QuerySingleOrDefault<BatchRow>(BatchSql.Find, new { tenant, id })?.ToBatch(), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredBatch>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return ValueTask.FromResult<IReadOnlyList<StoredBatch>>(database.Read<List<StoredBatch>>(
            session => [.. session.Connection.Query<BatchRow>(BatchSql.List, new { tenant, after, limit }).Select(row => row.ToBatch())], cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<StoredBatch?> ClaimAsync(string owner, DateTimeOffset now, DateTimeOffset heldUntil, CancellationToken cancellationToken)
    {
        var row = new { owner, now = now.UtcTicks, heldUntil = heldUntil.UtcTicks };

        // Hosts ask every few seconds: nothing is written where there is nothing to run.
        if (!database.Read(session => session.Connection.ExecuteScalar<long>(BatchSql.HasClaimable, row) > 0, cancellationToken))
        {
            return null;
        }

        return await database.Writer.WriteAsync(
            session => session.Connection.Execute(BatchSql.Claim, row) > 0 ? session.Connection.QuerySingleOrDefault<BatchRow>(BatchSql.FindClaimed, row)?.ToBatch() : null,
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<StoredBatch?> RenewAsync(string tenant, string id, string owner, DateTimeOffset heldUntil, CancellationToken cancellationToken)
    {
        var row = new { tenant, id, owner, heldUntil = heldUntil.UtcTicks };
        return await database.Writer.WriteAsync(
            session => session.Connection.Execute(BatchSql.Renew, row) > 0 ? session.Connection.QuerySingleOrDefault<BatchRow>(BatchSql.FindOwned, row)?.ToBatch() : null,
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(string tenant, string id, string owner, CancellationToken cancellationToken) =>
        await database.Writer.WriteAsync(session => session.Connection.Execute(BatchSql.Release, new { tenant, id, owner }), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<StoredBatch?> CancelAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken) => await database.Writer.WriteAsync(
        session =>
        {
            session.Connection.Execute(BatchSql.Cancel, new { tenant, id, at = at.UtcTicks });
            return session.Connection.QuerySingleOrDefault<BatchRow>(BatchSql.Find, new { tenant, id })?.ToBatch();
        },
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<bool> SaveAsync(StoredBatch batch, string owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var row = new { tenant = batch.Tenant, id = batch.Id, owner, document = batch.Document, isOpen = batch.IsOpen ? 1L : 0 };
        return await database.Writer.WriteAsync(
            session =>
            {
                var saved = session.Connection.Execute(BatchSql.Save, row) > 0;
                if (saved && !batch.IsOpen)
                {
                    session.Connection.Execute(BatchSql.DeleteLines, row);
                }

                return saved;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SaveLineAsync(string tenant, string id, string owner, StoredLine line, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(line);
        var row = new { tenant, id, owner, number = line.Number, state = line.State };
        return await database.Writer.WriteAsync(session => session.Connection.Execute(BatchSql.SaveLine, row), cancellationToken).ConfigureAwait(false) > 0;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredLine>> ReadLinesAsync(string tenant, string id, int from, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return ValueTask.FromResult<IReadOnlyList<StoredLine>>(database.Read<List<StoredLine>>(
            session => [.. session.Connection.Query<BatchLineRow>(BatchSql.ReadLines, new { tenant, id, from, limit }).Select(row => row.ToLine())], cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.Writer.WriteAsync(
            session => session.Connection.Execute(BatchSql.Drop, new { before = before.UtcTicks, limit }), canWait: true, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) => await database.Writer.WriteAsync(
        session => session.Connection.Execute(BatchSql.DeleteTenant, new { tenant }) + session.Connection.Execute(BatchSql.DeleteTenantLines, new { tenant }), cancellationToken).ConfigureAwait(false);
}
