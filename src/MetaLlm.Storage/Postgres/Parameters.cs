using Npgsql;
using NpgsqlTypes;

namespace MetaLlm.Storage.Postgres;

/// <summary>Columns of many rows as array parameters, in order: one statement writes them all.</summary>
internal static class Parameters
{
    public static NpgsqlBatchCommand Column(this NpgsqlBatchCommand command, List<long> values) => Add(command, values, NpgsqlDbType.Bigint);

    public static NpgsqlBatchCommand Column(this NpgsqlBatchCommand command, List<long?> values) => Add(command, values, NpgsqlDbType.Bigint);

    public static NpgsqlBatchCommand Column(this NpgsqlBatchCommand command, List<int> values) => Add(command, values, NpgsqlDbType.Integer);

    public static NpgsqlBatchCommand Column(this NpgsqlBatchCommand command, List<short> values) => Add(command, values, NpgsqlDbType.Smallint);

    public static NpgsqlBatchCommand Column(this NpgsqlBatchCommand command, List<short?> values) => Add(command, values, NpgsqlDbType.Smallint);

    public static NpgsqlBatchCommand Column(this NpgsqlBatchCommand command, List<double> values) => Add(command, values, NpgsqlDbType.Double);

    public static NpgsqlBatchCommand Column(this NpgsqlBatchCommand command, List<double?> values) => Add(command, values, NpgsqlDbType.Double);

    public static NpgsqlBatchCommand Column(this NpgsqlBatchCommand command, List<bool> values) => Add(command, values, NpgsqlDbType.Boolean);

    public static NpgsqlBatchCommand Column(this NpgsqlBatchCommand command, List<string?> values) => Add(command, values, NpgsqlDbType.Text);

    public static NpgsqlBatchCommand Column(this NpgsqlBatchCommand command, List<byte[]?> values) => Add(command, values, NpgsqlDbType.Bytea);

    public static NpgsqlBatchCommand Column(this NpgsqlBatchCommand command, List<ReadOnlyMemory<byte>> values) => Add(command, values, NpgsqlDbType.Bytea);

    private static NpgsqlBatchCommand Add<T>(NpgsqlBatchCommand command, List<T> values, NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
        return command;
    }
}
