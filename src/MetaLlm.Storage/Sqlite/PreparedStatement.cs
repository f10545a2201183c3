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
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public PreparedStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(_statement, parameter, value));

    public void Bind(int parameter, long? value) => Check(value is { } number
        ? raw.sqlite3_bind_int64(_statement, parameter, number)
        : raw.sqlite3_bind_null(_statement, parameter));

    public void Bind(int parameter, double value) => Check(raw.sqlite3_bind_double(_statement, parameter, value));

    public void Bind(int parameter, double? value) => Check(value is { } number
        ? raw.sqlite3_bind_double(_statement, parameter, number)
        : raw.sqlite3_bind_null(_statement, parameter));

    public void Bind(int parameter, string? value) => Check(value is null
        ? raw.sqlite3_bind_null(_statement, parameter)
        : raw.sqlite3_bind_text(_statement, parameter, value));

    public void Bind(int parameter, ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(_statement, parameter, value));

    public void Bind(int parameter, byte[]? value) => Check(value is null
        ? raw.sqlite3_bind_null(_statement, parameter)
        : raw.sqlite3_bind_blob(_statement, parameter, value));

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
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        // The step has told the error; reset only repeats it.
        _ = raw.sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }

        return false;
    }

    /// <summary>Leaves the rows that were not read. Their columns are no longer valid.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    /// <summary>Binds null to every parameter, in one call.</summary>
    public void Clear() => Check(raw.sqlite3_clear_bindings(_statement));

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public bool Flag(int column) => Long(column) != 0;

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public double Double(int column) => raw.sqlite3_column_double(_statement, column);

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
