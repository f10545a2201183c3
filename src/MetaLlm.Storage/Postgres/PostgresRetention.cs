using Dapper;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Retention;
using MetaLlm.Storage.Codecs;
using MetaLlm.Storage.Usage;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Lets the beginning of journals in PostgreSQL go. A tenant is locked for one slice at a time, as for a commit.</summary>
/// <param name="database">The database.</param>
public sealed class PostgresRetention(PostgresDatabase database) : IJournalRetention
{
    // Whoever holds the tenant for longer is frozen: the next try comes later.
    private const string Lock = "SET LOCAL lock_timeout = '2s'; SELECT tenant_key FROM tenants WHERE tenant = @tenant FOR UPDATE";

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> FindTenantsAsync(DateTimeOffset before, string after, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync<IReadOnlyList<string>>(
            async connection => (await connection.QueryAsync<string>(
                new CommandDefinition(RetentionSql.Tenants, new { before = before.UtcTicks, after, limit }, cancellationToken: cancellationToken)).ConfigureAwait(false)).AsList(),
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<OldDecisions>> CountOldAsync(DateTimeOffset before, string after, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync<IReadOnlyList<OldDecisions>>(
            async connection => [.. (await connection.QueryAsync<OldDecisionsRow>(
                new CommandDefinition(RetentionSql.Old, new { before = before.UtcTicks, after, limit }, cancellationToken: cancellationToken)).ConfigureAwait(false)).Select(row => row.ToOld())],
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ArchivedDecision>> FindDroppableAsync(
        string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync<IReadOnlyList<ArchivedDecision>>(
            async connection =>
            {
                var through = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                    RetentionSql.Droppable, new { tenant, before = before.UtcTicks, limit }, cancellationToken: cancellationToken)).ConfigureAwait(false);
                return through == 0
                    ? []
                    : [.. (await connection.QueryAsync<StoredDecisionRow>(
                        new CommandDefinition(StoredDecisionSql.First, new { tenant, through }, cancellationToken: cancellationToken)).ConfigureAwait(false))
                        .Select(row => row.ToArchived(tenant))];
            },
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<bool> DropAsync(string tenant, long through, CancellationToken cancellationToken)
    {
        await UsageSummation.CatchUpAsync(new PostgresUsageSumStore(database), tenant, patience: null, cancellationToken).ConfigureAwait(false);
        return await ChangeAsync(
            tenant,
            async (connection, key) =>
            {
                if (key is null || await connection.ExecuteScalarAsync<long>(RetentionSql.HasNews, new { key, through }).ConfigureAwait(false) > 0)
                {
                    return false;
                }

                await connection.ExecuteAsync(RetentionSql.Drop, new { key, through }).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask PurgeAsync(CancellationToken cancellationToken)
    {
        foreach (var key in await database.ReadAsync(connection => connection.QueryAsync<long>(RetentionSql.Hidden), cancellationToken).ConfigureAwait(false))
        {
            foreach (var statement in RetentionSql.Purge)
            {
                while (await database.ReadAsync(connection => connection.ExecuteAsync(statement, new { key }), cancellationToken).ConfigureAwait(false) > 0)
                {
                }
            }

            await database.ReadAsync(connection => connection.ExecuteAsync(RetentionSql.Forget, new { key }), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> DropChangesAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var dropped = 0L;
        while (await database.ReadAsync(connection => connection.ExecuteAsync(RetentionSql.DropChanges, new { before = before.UtcTicks }), cancellationToken).ConfigureAwait(false) is > 0 and var slice)
        {
            dropped += slice;
        }

        return dropped;
    }

    /// <summary>Does nothing: the server vacuums by itself.</summary>
    /// <param name="cancellationToken">Not used.</param>
    public ValueTask ShrinkAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <exception cref="FencedException">The state cannot stand for the beginning; nothing was changed.</exception>
    internal async Task SetBaseAsync(string tenant, Snapshot state, CancellationToken cancellationToken) => await ChangeAsync(
        tenant,
        async (connection, key) =>
        {
            var values = new { key = key ?? 0, ordinal = state.DecisionOrdinal, sequence = state.AppliedSequence, state = state.State.ToArray() };
            if (key is null || await connection.ExecuteScalarAsync<long>(RetentionSql.Objections, values).ConfigureAwait(false) > 0)
            {
                throw new FencedException(
                    $"The state of tenant '{tenant}' after decision {state.DecisionOrdinal} and event {state.AppliedSequence} cannot stand for the beginning of its journal: another owner has written.");
            }

            await connection.ExecuteAsync(RetentionSql.SetBase, values).ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    internal async Task HideAsync(string tenant, CancellationToken cancellationToken) => await ChangeAsync(
        tenant,
        async (connection, key) =>
        {
            if (key is not null)
            {
                await connection.ExecuteAsync(RetentionSql.Hide, new { key }).ConfigureAwait(false);
            }

            return true;
        },
        cancellationToken).ConfigureAwait(false);

    /// <summary>Changes a tenant whose head is locked, as every writer locks it.</summary>
    private Task<bool> ChangeAsync(string tenant, Func<NpgsqlConnection, long?, Task<bool>> change, CancellationToken cancellationToken) => database.RunAsync(
        async connection =>
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using var transactionEnd = transaction.ConfigureAwait(false);
            var key = await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(Lock, new { tenant }, cancellationToken: cancellationToken)).ConfigureAwait(false);
            var changed = await change(connection, key).ConfigureAwait(false);
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            return changed;
        },
        cancellationToken);
}
