using MetaLlm.Core.Tenancy;
using MetaLlm.Storage.Codecs;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>A reader's connection with its prepared statements. Rented by one caller at a time.</summary>
internal sealed class ReadSession(SqliteConnection connection) : IDisposable
{
    private readonly PreparedStatement _events = new(connection, $"""
        SELECT {JournalRows.EventColumns}
        FROM tenants t
        JOIN events e ON e.tenant_key = t.tenant_key
        LEFT JOIN decisions d ON d.tenant_key = e.tenant_key AND d.ordinal = e.decision_ordinal
        WHERE t.tenant = ?1 AND e.sequence > ?2 AND {JournalRows.EventIsReadable}
        ORDER BY e.sequence
        LIMIT ?3
        """);

    private readonly PreparedStatement _decisions = new(connection, $"""
        SELECT {JournalRows.DecisionColumns}
        FROM tenants t
        JOIN decisions d ON d.tenant_key = t.tenant_key
        WHERE t.tenant = ?1 AND d.ordinal > ?2
        ORDER BY d.ordinal
        LIMIT ?3
        """);

    /// <summary>The connection, for queries that are not on the hot path.</summary>
    public SqliteConnection Connection { get; } = connection;

    public List<TenantEvent> ReadEvents(string tenant, long afterSequence, int limit)
    {
        var found = new List<TenantEvent>();
        Start(_events, tenant, afterSequence, limit);
        while (_events.Step())
        {
            found.Add(JournalRows.ReadEvent(_events, tenant));
        }

        return found;
    }

    public List<DecisionRecord> ReadDecisions(string tenant, long afterOrdinal, int limit)
    {
        var found = new List<DecisionRecord>();
        Start(_decisions, tenant, afterOrdinal, limit);
        while (_decisions.Step())
        {
            found.Add(JournalRows.ReadDecision(_decisions, tenant));
        }

        return found;
    }

    public void Dispose()
    {
        _events.Dispose();
        _decisions.Dispose();
        Connection.Dispose();
    }

    private static void Start(PreparedStatement statement, string tenant, long after, int limit)
    {
        // An exception in the middle of the last use may have left it on a row.
        statement.Reset();
        statement.Bind(1, tenant);
        statement.Bind(2, after);
        statement.Bind(3, limit);
    }
}
