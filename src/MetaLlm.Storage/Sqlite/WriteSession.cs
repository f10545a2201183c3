using Dapper;
using MetaLlm.Engine.Journal;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>The writer's connection with its prepared statements. Used by the writer thread alone, inside its transactions.</summary>
internal sealed class WriteSession(SqliteConnection connection) : IDisposable
{
    private readonly PreparedStatement _begin = new(connection, "BEGIN IMMEDIATE");
    private readonly PreparedStatement _commit = new(connection, "COMMIT");
    private readonly PreparedStatement _rollback = new(connection, "ROLLBACK");
    private readonly JournalLoad _load = new(connection);
    private readonly JournalFlush _flush = new(connection);

    public SqliteConnection Connection { get; } = connection;

    /// <summary>What the open transaction knows and will write of the journal.</summary>
    public JournalTransaction Journal { get; private set; } = new();

    public GrainStateWrites GrainStates { get; } = new(connection);

    public void Begin()
    {
        // What the last transaction knew may have been moved by another process since.
        Journal = new JournalTransaction();
        _begin.Execute();
    }

    /// <summary>Loads what a write is about.</summary>
    public void Load(JournalScope? scope)
    {
        if (scope is not null)
        {
            _load.Load(Journal, scope);
        }
    }

    /// <summary>Writes what the journal's transaction holds, so that statements see it. What it has loaded is forgotten, since they may change it.</summary>
    public void FlushNow()
    {
        _flush.Flush(Journal);
        Journal = new JournalTransaction();
    }

    public void Commit()
    {
        _flush.Flush(Journal);
        _commit.Execute();
    }

    /// <summary>Writes without changing anything: the file's header says afterwards what it said before, and its page is written all the same.</summary>
    public void Touch()
    {
        var version = Connection.ExecuteScalar<long>("PRAGMA user_version");
        Connection.Execute(FormattableString.Invariant($"PRAGMA user_version = {version}"));
    }

    /// <summary>Gives up the transaction, if one is open: some errors have ended it already.</summary>
    public void Rollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(Connection.Handle) == 0)
        {
            _rollback.Execute();
        }
    }

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[_begin, _commit, _rollback, _load, _flush, GrainStates, Connection])
        {
            part.Dispose();
        }
    }
}
