using Dapper;
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
        await ExecuteAsync(RequestLogSql.Put, RequestLogRow.Of(requests), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<LoggedRequest?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        (await QueryAsync<RequestLogRow>(RequestLogSql.Find, new { tenant, id }, cancellationToken).ConfigureAwait(false)).SingleOrDefault()?.ToRequest();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LoggedRequest>> ListAsync(LoggedRequestQuery query, CancellationToken cancellationToken) =>
        [.. (await QueryAsync<RequestLogRow>(RequestLogSql.List, RequestLogRow.Of(query), cancellationToken).ConfigureAwait(false)).Select(row => row.ToRequest())];

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ListTenantsAsync(CancellationToken cancellationToken) =>
        [.. await QueryAsync<string>(RequestLogSql.Tenants, null, cancellationToken).ConfigureAwait(false)];

    /// <inheritdoc/>
    public async ValueTask<int> DropAsync(string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await ExecuteAsync(RequestLogSql.Drop, new { tenant, before = before.UtcTicks, limit }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await ExecuteAsync(RequestLogSql.DeleteTenant, new { tenant }, cancellationToken).ConfigureAwait(false);

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken) => database.RunAsync(
        connection => connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)), cancellationToken);

    private Task<IEnumerable<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)), cancellationToken);
}
