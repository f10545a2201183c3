using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Responses;
using MetaLlm.Storage.Responses;

namespace MetaLlm.Storage.Postgres;

/// <summary>Responses in PostgreSQL.</summary>
/// <param name="database">The database.</param>
public sealed class PostgresResponseStore(PostgresDatabase database) : IResponseStore
{
    /// <inheritdoc/>
    public async ValueTask PutAsync(StoredResponse response, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(ResponseSql.Put, ResponseRow.Of(response), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<StoredResponse?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        (await database.QueryAsync<ResponseRow>(ResponseSql.Find, new { tenant, id }, cancellationToken).ConfigureAwait(false)).SingleOrDefault()?.ToResponse();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredResponse>> ReadChainAsync(string tenant, string id, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return [.. (await database.QueryAsync<ResponseRow>(ResponseSql.Chain, new { tenant, id, limit }, cancellationToken).ConfigureAwait(false)).Select(row => row.ToResponse())];
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(ResponseSql.Delete, new { tenant, id }, cancellationToken).ConfigureAwait(false) > 0;

    /// <inheritdoc/>
    public async ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.ExecuteAsync(ResponseSql.Drop, new { before = before.UtcTicks, limit }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(ResponseSql.DeleteTenant, new { tenant }, cancellationToken).ConfigureAwait(false);
}
