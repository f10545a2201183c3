using MetaLlm.Engine.Ports;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MetaLlm.Storage.Sqlite;

/// <summary>What an error of SQLite says.</summary>
internal static class SqliteFailure
{
    /// <summary>Whether an error says nothing against the call, which may succeed when it is repeated later: locks, memory, the disk.</summary>
    public static bool IsUnavailability(Exception error) => error is SqliteException
    {
        SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM or raw.SQLITE_READONLY or raw.SQLITE_IOERR
            or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN or raw.SQLITE_PROTOCOL,
    };

    /// <summary>Whether one write of several may be to blame. What concerns the file (locks, the disk, damage) would fail each of them.</summary>
    public static bool IsOfOneWrite(Exception error) =>
        !IsUnavailability(error) && error is not (EngineUnavailableException or SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB });

    /// <summary>The error in the terms of the ports.</summary>
    public static EngineUnavailableException Unavailable(Exception error) =>
        new($"The SQLite file cannot serve the call at the moment. {error.Message}", error);
}
