using System.Buffers;
using System.Text;
using MetaLlm.Storage.Codecs;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MetaLlm.Storage.Sqlite;

/// <summary>A statement that is compiled once and run many times. Parameters count from 1, columns from 0.</summary>
/// <remarks>
/// The append path binds some twenty values per row, tens of thousands of rows a second; an ADO.NET command boxes every one of
/// them and looks every name up again. Everything that is not on that path goes through Dapper. Not safe for concurrent use.
/// </remarks>
internal sealed class PreparedStatement : IJournalRow, IDisposable
{
    private const int OnStack = 256;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly nint _handle;

    public PreparedStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
        _handle = _statement.DangerousGetHandle();
    }

    public void Bind(int parameter, long value) => Check(SqliteNative.BindLong(_handle, parameter, value));

    public void Bind(int parameter, long? value) => Check(value is { } number
        ? SqliteNative.BindLong(_handle, parameter, number)
        : SqliteNative.BindNull(_handle, parameter));

    public void Bind(int parameter, double value) => Check(SqliteNative.BindDouble(_handle, parameter, value));

    public void Bind(int parameter, double? value) => Check(value is { } number
        ? SqliteNative.BindDouble(_handle, parameter, number)
        : SqliteNative.BindNull(_handle, parameter));

    public unsafe void Bind(int parameter, string? value)
    {
        if (value is null)
        {
            Check(SqliteNative.BindNull(_handle, parameter));
            return;
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var rented = most > OnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        Span<byte> text = rented is null ? stackalloc byte[OnStack] : rented;
        var length = Encoding.UTF8.GetBytes(value, text);
        int code;
        fixed (byte* start = text)
        {
            code = SqliteNative.BindText(_handle, parameter, start, length, SqliteNative.Transient);
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        Check(code);
    }

    public unsafe void Bind(int parameter, ReadOnlySpan<byte> value)
    {
        // No address would stand for null rather than for nothing.
        byte none = 0;
        fixed (byte* start = value)
        {
            Check(SqliteNative.BindBlob(_handle, parameter, start is null ? &none : start, value.Length, SqliteNative.Transient));
        }
    }

    public void Bind(int parameter, byte[]? value)
    {
        if (value is null)
        {
            Check(SqliteNative.BindNull(_handle, parameter));
        }
        else
        {
            Bind(parameter, value.AsSpan());
        }
    }

    /// <summary>Runs a statement that returns no rows; values stay bound.</summary>
    public void Execute()
    {
        if (Step())
        {
            throw new InvalidOperationException("The statement returned a row; it was run for its effect.");
        }
    }

    /// <summary>Moves to the next row. After the last row, and on an error, the statement is ready to run again.</summary>
    public bool Step()
    {
        var code = SqliteNative.Step(_handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        // The step has told the error; reset only repeats it.
        _ = SqliteNative.Reset(_handle);
        if (code != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }

        return false;
    }

    /// <summary>Leaves the rows that were not read. Their columns are no longer valid.</summary>
    public void Reset() => _ = SqliteNative.Reset(_handle);

    /// <summary>Binds null to every parameter, in one call.</summary>
    public void Clear() => Check(raw.sqlite3_clear_bindings(_statement));

    public bool IsNull(int column) => SqliteNative.ColumnType(_handle, column) == raw.SQLITE_NULL;

    public bool Flag(int column) => Long(column) != 0;

    public long Long(int column) => SqliteNative.ColumnLong(_handle, column);

    public double Double(int column) => SqliteNative.ColumnDouble(_handle, column);

    public double? DoubleOrNull(int column) => IsNull(column) ? null : Double(column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>The bytes of a blob, valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }
    }
}
