using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>The writer's connection with its prepared statements. Used by the writer thread alone, inside its transactions.</summary>
internal sealed class WriteSession : IDisposable
{
    private readonly Dictionary<string, TenantHead> _heads = new(StringComparer.Ordinal);
    private readonly PreparedStatement _begin;
    private readonly PreparedStatement _commit;
    private readonly PreparedStatement _rollback;
    private readonly PreparedStatement _findTenant;
    private readonly PreparedStatement _insertTenant;
    private readonly PreparedStatement _moveHead;

    public WriteSession(SqliteConnection connection)
    {
        Connection = connection;
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _rollback = new(connection, "ROLLBACK");
        _findTenant = new(connection, "SELECT tenant_key, last_ordinal, last_sequence FROM tenants WHERE tenant = ?1");
        _insertTenant = new(connection, "INSERT INTO tenants (tenant) VALUES (?1) RETURNING tenant_key");
        _moveHead = new(connection, "UPDATE tenants SET last_ordinal = ?2, last_sequence = ?3 WHERE tenant_key = ?1");
        Decisions = new DecisionWrites(connection);
        Events = new EventWrites(connection);
    }

    public SqliteConnection Connection { get; }

    public DecisionWrites Decisions { get; }

    public EventWrites Events { get; }

    public void Begin()
    {
        // What was cached in the last transaction may have been moved by another process since.
        _heads.Clear();
        _begin.Execute();
    }

    public void Commit()
    {
        foreach (var head in _heads.Values)
        {
            if (!head.Moved)
            {
                continue;
            }

            _moveHead.Bind(1, head.TenantKey);
            _moveHead.Bind(2, head.LastOrdinal);
            _moveHead.Bind(3, head.LastSequence);
            _moveHead.Execute();
        }

        _commit.Execute();
    }

    /// <summary>Gives up the transaction, if one is open: some errors have ended it already.</summary>
    public void Rollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(Connection.Handle) == 0)
        {
            _rollback.Execute();
        }
    }

    /// <summary>The tenant's head, or null when nothing was ever written for it.</summary>
    public TenantHead? FindHead(string tenant)
    {
        if (_heads.TryGetValue(tenant, out var head))
        {
            return head;
        }

        _findTenant.Bind(1, tenant);
        if (!_findTenant.Step())
        {
            return null;
        }

        head = new TenantHead(_findTenant.Long(0), _findTenant.Long(1), _findTenant.Long(2));
        _findTenant.Reset();
        _heads.Add(tenant, head);
        return head;
    }

    /// <summary>The tenant's head; a new tenant starts with two empty sequences.</summary>
    public TenantHead GetHead(string tenant)
    {
        if (FindHead(tenant) is { } known)
        {
            return known;
        }

        _insertTenant.Bind(1, tenant);
        _insertTenant.Step();
        var head = new TenantHead(_insertTenant.Long(0), 0, 0);
        _insertTenant.Step();
        _heads.Add(tenant, head);
        return head;
    }

    public void Dispose()
    {
        Decisions.Dispose();
        Events.Dispose();
        foreach (var statement in (PreparedStatement[])[_begin, _commit, _rollback, _findTenant, _insertTenant, _moveHead])
        {
            statement.Dispose();
        }

        Connection.Dispose();
    }
}
