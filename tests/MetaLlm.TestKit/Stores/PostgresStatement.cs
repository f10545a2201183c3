using Npgsql;

namespace MetaLlm.TestKit.Stores;

/// <summary>Single statements on connections of their own, for servers that are started and stopped.</summary>
internal static class PostgresStatement
{
    /// <summary>Runs a statement.</summary>
    public static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=False");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Whether the server answers.</summary>
    public static async Task<bool> AnswersAsync(string connectionString)
    {
        try
        {
            await RunAsync(connectionString, "SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
