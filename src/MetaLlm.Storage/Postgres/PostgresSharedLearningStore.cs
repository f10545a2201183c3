using MetaLlm.Engine.Ports;
using MetaLlm.Engine.SharedLearning;
using MetaLlm.Storage.SharedLearning;

namespace MetaLlm.Storage.Postgres;

/// <summary>What tenants give to the pool, in PostgreSQL.</summary>
/// <param name="database">The database.</param>
public sealed class PostgresSharedLearningStore(PostgresDatabase database) : ISharedLearningStore
{
    /// <inheritdoc/>
    public async ValueTask<StoredContribution?> FindAsync(string tenant, CancellationToken cancellationToken) =>
        (await database.QueryAsync<StoredContribution>(SharedLearningSql.Find, new { tenant }, cancellationToken).ConfigureAwait(false)).SingleOrDefault();

    /// <inheritdoc/>
    public async ValueTask<bool> PutAsync(StoredContribution contribution, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(contribution);
        return await database.ExecuteAsync(SharedLearningSql.Put(contribution.Version), contribution, cancellationToken).ConfigureAwait(false) > 0;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredContribution>> ListAsync(CancellationToken cancellationToken) =>
        [.. await database.QueryAsync<StoredContribution>(SharedLearningSql.List, null, cancellationToken).ConfigureAwait(false)];

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(SharedLearningSql.DeleteTenant, new { tenant }, cancellationToken).ConfigureAwait(false);
}
