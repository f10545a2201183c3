using System.Diagnostics;
using System.Runtime.InteropServices;
using MetaLlm.Engine.Ports;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Whether the file that a connection writes is still the one under its path.</summary>
/// <remarks>
/// A process goes on writing into a file that was deleted or replaced under it, and SQLite reports no error. What is acknowledged then is gone with the process.
/// </remarks>
/// <param name="connection">An open connection.</param>
internal sealed partial class SqliteFile(SqliteConnection connection)
{
    private const int HasMoved = 20;

    /// <summary>Looking costs a tenth of a small commit. What is acknowledged within this time after the file has gone is lost.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private readonly string _path = Path.GetFullPath(connection.DataSource);
    private readonly string _log = Path.GetFullPath(connection.DataSource) + "-wal";
    private long? _looked;

    /// <summary>Looks at the path, unless that was done a moment ago.</summary>
    /// <exception cref="EngineUnavailableException">Another file is there, or none.</exception>
    public void ThrowIfMoved()
    {
        if (_looked is { } last && Stopwatch.GetElapsedTime(last) < Period)
        {
            return;
        }

        _looked = null;
        if (sqlite3_file_control(connection.Handle!.DangerousGetHandle(), 0, HasMoved, out var moved) == SQLitePCL.raw.SQLITE_OK && moved != 0)
        {
            throw new EngineUnavailableException(
                $"The SQLite file {_path} was deleted, moved or replaced while it was open: nothing that is written now would be found again. "
                + "Put the file back, or start again to open what is there.");
        }

        if (!File.Exists(_log))
        {
            throw new EngineUnavailableException(
                $"The log {_log} of the SQLite file was deleted while it was open: what was written last would not be found again. Stop the process, which closes the file in good order.");
        }

        _looked = Stopwatch.GetTimestamp();
    }

    [LibraryImport("e_sqlite3"), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int sqlite3_file_control(nint database, nint schema, int operation, out int result);
}
