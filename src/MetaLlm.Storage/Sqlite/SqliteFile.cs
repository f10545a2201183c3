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

    private readonly string _path = Path.GetFullPath(connection.DataSource);
    private readonly string _log = Path.GetFullPath(connection.DataSource) + "-wal";

    /// <summary>Looks at the path; it costs two look-ups in a directory.</summary>
    /// <exception cref="EngineUnavailableException">Another file is there, or none.</exception>
    public void ThrowIfMoved()
    {
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
    }

    [LibraryImport("e_sqlite3"), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int sqlite3_file_control(nint database, nint schema, int operation, out int result);
}
