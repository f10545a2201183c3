using Dapper;
using MetaLlm.Storage.Usage;

namespace MetaLlm.Storage.Postgres;

/// <summary>Counts journals of PostgreSQL. It locks a tenant's position and never its head, so that no write of the journal waits for it.</summary>
/// <param name="database">The database.</param>
internal sealed class PostgresUsageSumStore(PostgresDatabase database) : IUsageSumStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<T>>(
        async connection => (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)).ConfigureAwait(false)).AsList(),
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AdvanceAsync(UsageRows.Head from, UsageRows.Head to, IReadOnlyCollection<UsageDelta> deltas, CancellationToken cancellationToken) => database.RunAsync(
        async connection =>
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using var transactionEnd = transaction.ConfigureAwait(false);
            await connection.ExecuteAsync(new CommandDefinition(UsageSumSql.Begin, new { key = from.Key }, cancellationToken: cancellationToken)).ConfigureAwait(false);
            var moved = await connection.ExecuteAsync(new CommandDefinition(
                UsageSumSql.Advance,
                new { key = from.Key, fromOrdinal = from.Ordinal, fromSequence = from.Sequence, ordinal = to.Ordinal, sequence = to.Sequence },
                cancellationToken: cancellationToken)).ConfigureAwait(false) > 0;
            if (moved)
            {
                await connection.ExecuteAsync(new CommandDefinition(UsageSumSql.Add, deltas, cancellationToken: cancellationToken)).ConfigureAwait(false);
            }

            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            return moved;
        },
        cancellationToken);
}
