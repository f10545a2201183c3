using Dapper;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.RequestLog;
using MetaLlm.Storage.RequestLog;

namespace MetaLlm.Storage.Sqlite;

/// <summary>The request log in the journal's file. Its writes wait for those of the journal.</summary>
/// <param name="database">The open file.</param>
public sealed class SqliteRequestLogStore(SqliteDatabase database) : IRequestLogStore
{
    /// <inheritdoc/>
    public async ValueTask PutAsync(IReadOnlyList<LoggedRequest> requests, CancellationToken cancellationToken)
    {
        var rows = RequestLogRow.Of(requests);
        await database.Writer.WriteAsync(
            session =>
            {
                var written = 0;
                foreach (var row in rows)
                {
                    written += session.Connection.Execute(RequestLogSql.Put, row);
                }

                return written;
            },
            canWait: true,
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<LoggedRequest?> FindAsync(string tenant, string id, CancellationToken cancellationToken) => ValueTask.FromResult(database.Read(
        session => session.Connection.QuerySingleOrDefault<RequestLogRow>(RequestLogSql.Find, new { tenant, id })?.ToRequest(), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LoggedRequest>> ListAsync(LoggedRequestQuery query, CancellationToken cancellationToken)
    {
        var parameters = RequestLogRow.Of(query);
        return ValueTask.FromResult<IReadOnlyList<LoggedRequest>>(database.Read<List<LoggedRequest>>(
            session => [.. session.Connection.Query<RequestLogRow>(RequestLogSql.List, parameters).Select(row => row.ToRequest())], cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListTenantsAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>(
        database.Read<List<string>>(session => [.. session.Connection.Query<string>(RequestLogSql.Tenants)], cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<int> DropAsync(string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.Writer.WriteAsync(
            session => session.Connection.Execute(RequestLogSql.Drop, new { tenant, before = before.UtcTicks, limit }), canWait: true, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await database.Writer.WriteAsync(session => session.Connection.Execute(RequestLogSql.DeleteTenant, new { tenant }), cancellationToken).ConfigureAwait(false);
}
