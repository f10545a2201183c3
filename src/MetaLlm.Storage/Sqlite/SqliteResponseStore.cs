using Dapper;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Responses;
using MetaLlm.Storage.Responses;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Responses in the journal's file, written by its one writer.</summary>
/// <param name="database">The open file.</param>
public sealed class SqliteResponseStore(SqliteDatabase database) : IResponseStore
{
    /// <inheritdoc/>
    public async ValueTask PutAsync(StoredResponse response, CancellationToken cancellationToken)
    {
        var row = ResponseRow.Of(response);
        await database.Writer.WriteAsync(session => session.Connection.Execute(ResponseSql.Put, row), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<StoredResponse?> FindAsync(string tenant, string id, CancellationToken cancellationToken) => ValueTask.FromResult(database.Read(
        session => session.Connection.QuerySingleOrDefault<ResponseRow>(ResponseSql.Find, new { tenant, id })?.ToResponse(), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredResponse>> ReadChainAsync(string tenant, string id, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return ValueTask.FromResult<IReadOnlyList<StoredResponse>>(database.Read<List<StoredResponse>>(
            session => [.. session.Connection.Query<ResponseRow>(ResponseSql.Chain, new { tenant, id, limit }).Select(row => row.ToResponse())], cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await database.Writer.WriteAsync(session => session.Connection.Execute(ResponseSql.Delete, new { tenant, id }), cancellationToken).ConfigureAwait(false) > 0;

    /// <inheritdoc/>
    public async ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.Writer.WriteAsync(
            session => session.Connection.Execute(ResponseSql.Drop, new { before = before.UtcTicks, limit }), canWait: true, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await database.Writer.WriteAsync(session => session.Connection.Execute(ResponseSql.DeleteTenant, new { tenant }), cancellationToken).ConfigureAwait(false);
}
