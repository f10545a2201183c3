using Dapper;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.SharedLearning;
using MetaLlm.Storage.SharedLearning;

namespace MetaLlm.Storage.Sqlite;

/// <summary>What tenants give to the pool, in the journal's file.</summary>
/// <param name="database">The open file.</param>
public sealed class SqliteSharedLearningStore(SqliteDatabase database) : ISharedLearningStore
{
    /// <inheritdoc/>
    public ValueTask<StoredContribution?> FindAsync(string tenant, CancellationToken cancellationToken) => ValueTask.FromResult(database.Read(
        session => session.Connection.QuerySingleOrDefault<StoredContribution>(SharedLearningSql.Find, new { tenant }), cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<bool> PutAsync(StoredContribution contribution, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(contribution);
        return await database.Writer.WriteAsync(
            session => session.Connection.Execute(SharedLearningSql.Put(contribution.Version), contribution) > 0, canWait: true, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredContribution>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<StoredContribution>>(
        database.Read<List<StoredContribution>>(session => [.. session.Connection.Query<StoredContribution>(SharedLearningSql.List)], cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await database.Writer.WriteAsync(session => session.Connection.Execute(SharedLearningSql.DeleteTenant, new { tenant }), cancellationToken).ConfigureAwait(false);
}
