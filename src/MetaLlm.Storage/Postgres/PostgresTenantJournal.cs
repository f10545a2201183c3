using Dapper;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Codecs;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>The journal in PostgreSQL. Appends of a process share commits; appends of several processes wait for each other per tenant.</summary>
/// <remarks>
/// Where the server is away, a call fails with an <see cref="EngineUnavailableException"/>, and nothing was written, unless the error
/// within is a <see cref="CommitOutcomeUnknownException"/>: then the server went away during a commit.
/// </remarks>
/// <param name="database">The database.</param>
public sealed class PostgresTenantJournal(PostgresDatabase database) : TenantJournal
{
    /// <inheritdoc/>
    /// <remarks>
    /// A statement that would write is refused where nothing can be written (recovery, read-only), although it meets no row. It waits for no lock. A clock that is
    /// too far ahead of the server's fails the probe as it fails every write.
    /// </remarks>
    public override async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        var clock = await database.ReadAsync(
            connection => connection.ExecuteScalarAsync<DateTime>(new CommandDefinition(
                "UPDATE tenants SET last_ordinal = last_ordinal WHERE false; SELECT clock_timestamp()", cancellationToken: cancellationToken)),
            cancellationToken).ConfigureAwait(false);
        database.ThrowIfAhead(clock);
    }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<TenantEvent>> ReadEventsAsync(string tenant, long afterSequence, int limit, CancellationToken cancellationToken) =>
        ReadAsync(tenant, limit, connection => PageQuery.ReadEventsAsync(connection, tenant, afterSequence, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<DecisionRecord>> ReadDecisionsAsync(
        string tenant, long afterOrdinal, int limit, CancellationToken cancellationToken) =>
        ReadAsync(tenant, limit, connection => PageQuery.ReadDecisionsAsync(connection, tenant, afterOrdinal, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(decisionId);
        return StorableText.Is(decisionId)
            ? ReadAsync(tenant, 1, connection => StoredDecisionQuery.FindAsync(connection, tenant, decisionId, cancellationToken), cancellationToken)
            : ValueTask.FromResult<StoredDecision?>(null);
    }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(
        string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken)
    {
        string[] storable = [.. decisionIds.Where(StorableText.Is)];
        return ReadAsync(tenant, 1, connection => StoredDecisionQuery.FindAsync(connection, tenant, storable, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<string>> FindUnsettledAsync(
        string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        ReadAsync(tenant, limit, connection => StoredDecisionQuery.FindUnsettledAsync(connection, tenant, before, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<UnrewardedDecision>> FindUnrewardedAsync(
        string tenant, long afterOrdinal, DecisionPosition after, DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            tenant, limit, connection => StoredDecisionQuery.FindUnrewardedAsync(connection, tenant, afterOrdinal, after, before, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<JournalHead>> ReadHeadsAsync(IReadOnlyList<string> tenants, CancellationToken cancellationToken)
    {
        string[] names = [.. tenants];
        return await database.ReadAsync(connection => StoredDecisionQuery.ReadHeadsAsync(connection, names, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<string>> FindTenantsWithUnsettledAsync(
        IReadOnlyList<string> tenants, DateTimeOffset before, CancellationToken cancellationToken)
    {
        string[] names = [.. tenants];
        return await database.ReadAsync(
            connection => StoredDecisionQuery.FindTenantsWithUnsettledAsync(connection, names, before, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask SetBaseAsync(string tenant, Snapshot state, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentNullException.ThrowIfNull(state);
        await new PostgresRetention(database).SetBaseAsync(tenant, state, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override ValueTask<Snapshot?> FindBaseAsync(string tenant, CancellationToken cancellationToken) => ReadAsync(
        tenant,
        1,
        async connection => (await connection.QuerySingleOrDefaultAsync<BaseRow>(
            new CommandDefinition(RetentionSql.FindBase, new { tenant }, cancellationToken: cancellationToken)).ConfigureAwait(false))?.ToSnapshot(),
        cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        var retention = new PostgresRetention(database);
        await retention.HideAsync(tenant, cancellationToken).ConfigureAwait(false);
        await retention.PurgeAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task<T> WriteAsync<T>(JournalScope scope, Func<JournalTransaction, T> write, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriterOf(scope.Tenant).WriteAsync(scope, write, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (CommitFailure.IsUnavailability(error))
        {
            throw CommitFailure.Unavailable(error);
        }
    }

    private async ValueTask<T> ReadAsync<T>(string tenant, int limit, Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.ReadAsync(read, cancellationToken).ConfigureAwait(false);
    }
}
