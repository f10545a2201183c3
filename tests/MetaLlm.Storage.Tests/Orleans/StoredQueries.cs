using System.Data.Common;
using Dapper;

namespace MetaLlm.Storage.Tests.Orleans;

/// <summary>The statements that a database keeps for Orleans, run as its ADO.NET providers run them.</summary>
internal sealed class StoredQueries
{
    private readonly DbConnection _connection;

    private StoredQueries(DbConnection connection, IReadOnlyDictionary<string, string> texts)
    {
        _connection = connection;
        Texts = texts;
    }

    /// <summary>Statements by key.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    /// <summary>Reads the statements as the providers do.</summary>
    public static async Task<StoredQueries> ReadAsync(DbConnection connection) => new(
        connection,
        (await connection.QueryAsync<(string Key, string Text)>("SELECT QueryKey, QueryText FROM OrleansQuery")).ToDictionary(row => row.Key, row => row.Text));

    /// <summary>Closes the connection.</summary>
    public ValueTask CloseAsync() => _connection.DisposeAsync();

    /// <summary>Runs a statement; parameters are named without a prefix, as the providers name them.</summary>
    /// <returns>Its rows by column name; the case of names does not count.</returns>
    public async Task<IReadOnlyList<Dictionary<string, object?>>> RunAsync(string key, params (string Name, object? Value)[] parameters)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = Texts[key];
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        var rows = new List<Dictionary<string, object?>>();
        await using var reader = await command.ExecuteReaderAsync();
        do
        {
            while (await reader.ReadAsync())
            {
                var row = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
                for (var column = 0; column < reader.FieldCount; column++)
                {
                    row.Add(reader.GetName(column), await reader.IsDBNullAsync(column) ? null : reader.GetValue(column));
                }

                rows.Add(row);
            }
        }
        while (await reader.NextResultAsync());

        return rows;
    }
}
