using System.Collections.Concurrent;
using Dapper;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.Storage.Migrations;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Storage.Sqlite;

/// <summary>An open SQLite file: its one writer, and connections for readers, which never wait for the writer (WAL).</summary>
/// <remarks>
/// Safe for concurrent use. Another process may have the same file open: writes are serialised by the file's lock, and what
/// either must not overwrite is fenced inside the transaction. Disposing commits what waits and closes every connection.
/// </remarks>
public sealed class SqliteDatabase : IAsyncDisposable
{
    // SQLite's commit in WAL mode appends to the log; copying it back into the file costs random writes, so it is done in larger lots.
    private const int CheckpointPages = 8192;

    // What a batch of writes may take.
    private const long LeastFreeBytes = 1 << 20;

    private readonly SqliteOptions _options;
    private readonly ConcurrentBag<ReadSession> _idleReaders = [];
    private volatile bool _disposed;

    private SqliteDatabase(SqliteOptions options, SqliteWriter writer)
    {
        _options = options;
        Writer = writer;
    }

    /// <summary>The writer.</summary>
    internal SqliteWriter Writer { get; }

    /// <summary>Opens a file, creates it when missing, and brings it to the newest schema.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="time">Measures commits.</param>
    /// <param name="metrics">Where commits are counted.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <exception cref="SchemaException">Another build has written the file, which this one cannot follow.</exception>
    public static SqliteDatabase Open(SqliteOptions options, TimeProvider time, EngineMetrics metrics, ILogger<SqliteDatabase> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        var path = Path.GetFullPath(options.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var connection = Connect(options, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // It counts for a file that has no table yet, and must come before anything that writes.
            connection.Execute("PRAGMA auto_vacuum = INCREMENTAL");
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute($"PRAGMA wal_autocheckpoint = {CheckpointPages}");
            connection.Execute(options.Durability == SqliteDurability.PowerLoss ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            SqliteMigrator.Migrate(connection, path);
            return new SqliteDatabase(options, new SqliteWriter(connection, options, time, metrics, logger));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync().ConfigureAwait(false);
        _disposed = true;
        while (_idleReaders.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    /// <summary>Runs a read on a connection of its own.</summary>
    /// <exception cref="EngineUnavailableException">The file cannot be read at the moment.</exception>
    internal T Read<T>(Func<ReadSession, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        ReadSession? session = null;
        var returned = false;
        try
        {
            if (!_idleReaders.TryTake(out session))
            {
                session = OpenReader();
            }

            var result = read(session);
            if (!_disposed)
            {
                _idleReaders.Add(session);
                returned = true;
            }

            return result;
        }
        catch (SqliteException error) when (SqliteFailure.IsUnavailability(error))
        {
            throw SqliteFailure.Unavailable(error);
        }
        finally
        {
            // After an error the connection's state is unknown; a fresh one costs less than to find out.
            if (!returned)
            {
                session?.Dispose();
            }
        }
    }

    /// <summary>Makes sure that the disk has room for more than the smallest of writes.</summary>
    /// <exception cref="EngineUnavailableException">It has not.</exception>
    internal void ThrowIfDiskIsFull()
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(_options.Path))!;
        if (new DriveInfo(directory).AvailableFreeSpace is var free && free < LeastFreeBytes)
        {
            throw new EngineUnavailableException($"The disk of the SQLite file is full: {free} bytes are free in {directory}; {LeastFreeBytes} are needed.");
        }
    }

    private static SqliteConnection Connect(SqliteOptions options, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(options.Path),
            Mode = mode,
            Pooling = false,

            // Of single commands; 0 would mean for ever.
            DefaultTimeout = Math.Max(1, (int)Math.Ceiling(options.BusyTimeout.TotalSeconds)),
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout = {(int)options.BusyTimeout.TotalMilliseconds}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private ReadSession OpenReader()
    {
        // One that created the file would hide that it was deleted.
        var connection = Connect(_options, SqliteOpenMode.ReadWrite);
        try
        {
            connection.Execute("PRAGMA query_only = ON");
            return new ReadSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
