using MetaLlm.Core.Tenancy;
using MetaLlm.Storage.Codecs;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Reads pages of decisions.</summary>
internal static class DecisionQuery
{
    private const string Page = $"""
        SELECT {JournalRows.DecisionColumns}
        FROM decisions d
        WHERE d.tenant_key = (SELECT tenant_key FROM tenants WHERE tenant = $1) AND d.ordinal > $2
        ORDER BY d.ordinal
        LIMIT $3
        """;

    public static Task<IReadOnlyList<DecisionRecord>> ReadAsync(
        NpgsqlConnection connection, string tenant, long afterOrdinal, int limit, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync(connection, Page, tenant, afterOrdinal, limit, JournalRows.ReadDecision, cancellationToken);
}
