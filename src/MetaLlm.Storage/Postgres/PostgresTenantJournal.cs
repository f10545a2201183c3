using Dapper;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

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
    /// <remarks>A statement that would write is refused where nothing can be written (recovery, read-only), although it meets no row. It waits for no lock.</remarks>
    public override async ValueTask ProbeAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        connection => connection.ExecuteAsync(new CommandDefinition(
            "UPDATE tenants SET last_ordinal = last_ordinal WHERE false", cancellationToken: cancellationToken)),
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<TenantEvent>> ReadEventsAsync(
        string tenant, long afterSequence, int limit, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.ReadAsync(
            connection => EventQuery.ReadAsync(connection, tenant, afterSequence, limit, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<DecisionRecord>> ReadDecisionsAsync(
        string tenant, long afterOrdinal, int limit, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.ReadAsync(
            connection => DecisionQuery.ReadAsync(connection, tenant, afterOrdinal, limit, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentException.ThrowIfNullOrEmpty(decisionId);
        return StorableText.Is(decisionId)
            ? await database.ReadAsync(
                connection => StoredDecisionQuery.FindAsync(connection, tenant, decisionId, cancellationToken), cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(
        string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentNullException.ThrowIfNull(decisionIds);
        string[] storable = [.. decisionIds.Where(StorableText.Is)];
        return await database.ReadAsync(
            connection => StoredDecisionQuery.FindAsync(connection, tenant, storable, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<string>> FindUnsettledAsync(
        string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.ReadAsync(
            connection => StoredDecisionQuery.FindUnsettledAsync(connection, tenant, before, limit, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<UnrewardedDecision>> FindUnrewardedAsync(
        string tenant, long afterOrdinal, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.ReadAsync(
            connection => StoredDecisionQuery.FindUnrewardedAsync(connection, tenant, afterOrdinal, before, limit, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
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
}
