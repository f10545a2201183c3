using System.Runtime.InteropServices;

namespace MetaLlm.Storage.Sqlite;

/// <summary>
/// Calls of SQLite's library on the path of every write. The binding's own ask for a lease on the statement in each of the fifty calls that a request makes, which costs more than most of them.
/// </summary>
/// <remarks>Whoever calls keeps the statement open meanwhile, and is its only user. What neither waits nor works for long runs without telling the garbage collector.</remarks>
internal static partial class SqliteNative
{
    /// <summary>The library copies what is bound before it returns.</summary>
    public const nint Transient = -1;

    private const string Library = "e_sqlite3";
    private const DllImportSearchPath Places = DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories;

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition, DefaultDllImportSearchPaths(Places)]
    public static partial int BindLong(nint statement, int parameter, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_double"), SuppressGCTransition, DefaultDllImportSearchPaths(Places)]
    public static partial int BindDouble(nint statement, int parameter, double value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition, DefaultDllImportSearchPaths(Places)]
    public static partial int BindNull(nint statement, int parameter);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text"), DefaultDllImportSearchPaths(Places)]
    public static unsafe partial int BindText(nint statement, int parameter, byte* value, int length, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob"), DefaultDllImportSearchPaths(Places)]
    public static unsafe partial int BindBlob(nint statement, int parameter, byte* value, int length, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_step"), DefaultDllImportSearchPaths(Places)]
    public static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset"), DefaultDllImportSearchPaths(Places)]
    public static partial int Reset(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type"), SuppressGCTransition, DefaultDllImportSearchPaths(Places)]
    public static partial int ColumnType(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64"), SuppressGCTransition, DefaultDllImportSearchPaths(Places)]
    public static partial long ColumnLong(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_double"), SuppressGCTransition, DefaultDllImportSearchPaths(Places)]
    public static partial double ColumnDouble(nint statement, int column);
}
