using MetaLlm.Core.Tenancy;
using MetaLlm.Storage.Codecs;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Reads pages of a tenant's decisions and events.</summary>
internal static class PageQuery
{
    private const string Decisions = $"""
        SELECT {JournalRows.DecisionColumns}
        FROM decisions d
        WHERE d.tenant_key = (SELECT tenant_key FROM tenants WHERE tenant = $1) AND d.ordinal > $2
        ORDER BY d.ordinal
        LIMIT $3
        """;

    private const string Events = $"""
        SELECT {JournalRows.EventColumns}
        FROM events e
        LEFT JOIN decisions d ON d.tenant_key = e.tenant_key AND d.ordinal = e.decision_ordinal
        WHERE e.tenant_key = (SELECT tenant_key FROM tenants WHERE tenant = $1) AND e.sequence > $2 AND {JournalRows.EventIsReadable}
        ORDER BY e.sequence
        LIMIT $3
        """;

    public static Task<IReadOnlyList<DecisionRecord>> ReadDecisionsAsync(
        NpgsqlConnection connection, string tenant, long afterOrdinal, int limit, CancellationToken cancellationToken) =>
        ReadAsync(connection, Decisions, tenant, afterOrdinal, limit, JournalRows.ReadDecision, cancellationToken);

    public static Task<IReadOnlyList<TenantEvent>> ReadEventsAsync(
        NpgsqlConnection connection, string tenant, long afterSequence, int limit, CancellationToken cancellationToken) =>
        ReadAsync(connection, Events, tenant, afterSequence, limit, JournalRows.ReadEvent, cancellationToken);

    /// <summary>Reads a page.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="page">The question: $1 is the tenant, $2 the number, $3 the most rows.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="after">The number.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="read">Reads a row of the tenant.</param>
    /// <param name="cancellationToken">Cancels between rows.</param>
    private static async Task<IReadOnlyList<T>> ReadAsync<T>(
        NpgsqlConnection connection, string page, string tenant, long after, int limit, Func<PostgresRow, string, T> read, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(page, connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = after }, new() { Value = limit } },
        };
        await using var commandEnd = command.ConfigureAwait(false);
        var found = new List<T>();
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var readerEnd = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            found.Add(read(new PostgresRow(reader), tenant));
        }

        return found;
    }
}
