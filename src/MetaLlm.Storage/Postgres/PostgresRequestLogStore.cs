using MetaLlm.Engine.Ports;
using MetaLlm.Engine.RequestLog;
using MetaLlm.Storage.RequestLog;

namespace MetaLlm.Storage.Postgres;

/// <summary>The request log in PostgreSQL.</summary>
/// <param name="database">The database.</param>
public sealed class PostgresRequestLogStore(PostgresDatabase database) : IRequestLogStore
{
    /// <inheritdoc/>
    public async ValueTask PutAsync(IReadOnlyList<LoggedRequest> requests, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(RequestLogSql.Put, RequestLogRow.Of(requests), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<LoggedRequest?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        (await database.QueryAsync<RequestLogRow>(RequestLogSql.Find, new { tenant, id }, cancellationToken).ConfigureAwait(false)).SingleOrDefault()?.ToRequest();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LoggedRequest>> ListAsync(LoggedRequestQuery query, CancellationToken cancellationToken) =>
        [.. (await database.QueryAsync<RequestLogRow>(RequestLogSql.List, RequestLogRow.Of(query), cancellationToken).ConfigureAwait(false)).Select(row => row.ToRequest())];

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ListTenantsAsync(CancellationToken cancellationToken) =>
        [.. await database.QueryAsync<string>(RequestLogSql.Tenants, null, cancellationToken).ConfigureAwait(false)];

    /// <inheritdoc/>
    public async ValueTask<int> DropAsync(string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.ExecuteAsync(RequestLogSql.Drop, new { tenant, before = before.UtcTicks, limit }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(RequestLogSql.DeleteTenant, new { tenant }, cancellationToken).ConfigureAwait(false);
}
