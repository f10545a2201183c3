using MetaLlm.Core.Tenancy;
using MetaLlm.Storage.Codecs;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Reads pages of events.</summary>
internal static class EventQuery
{
    private const string Page = $"""
        SELECT {JournalRows.EventColumns}
        FROM events e
        LEFT JOIN decisions d ON d.tenant_key = e.tenant_key AND d.ordinal = e.decision_ordinal
        WHERE e.tenant_key = (SELECT tenant_key FROM tenants WHERE tenant = $1) AND e.sequence > $2
        ORDER BY e.sequence
        LIMIT $3
        """;

    public static Task<IReadOnlyList<TenantEvent>> ReadAsync(
        NpgsqlConnection connection, string tenant, long afterSequence, int limit, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync(connection, Page, tenant, afterSequence, limit, JournalRows.ReadEvent, cancellationToken);
}
