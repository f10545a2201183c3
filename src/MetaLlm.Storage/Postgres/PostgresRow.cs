using MetaLlm.Storage.Codecs;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>The row that a reader stands on.</summary>
internal readonly struct PostgresRow(NpgsqlDataReader reader) : IJournalRow
{
    public bool IsNull(int column) => reader.IsDBNull(column);

    public bool Flag(int column) => reader.GetBoolean(column);

    public long Long(int column) => reader.GetInt64(column);

    public double Double(int column) => reader.GetDouble(column);

    public double? DoubleOrNull(int column) => IsNull(column) ? null : Double(column);

    public string Text(int column) => reader.GetString(column);

    public ReadOnlySpan<byte> Blob(int column) => reader.GetFieldValue<byte[]>(column);
}
