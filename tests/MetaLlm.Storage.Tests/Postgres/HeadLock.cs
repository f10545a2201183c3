using Dapper;
using Npgsql;

namespace MetaLlm.Storage.Tests.Postgres;

/// <summary>Holds the heads of all tenants, or of one, as another process in the middle of a transaction does.</summary>
internal sealed class HeadLock : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private HeadLock(NpgsqlConnection connection) => _connection = connection;

    public static async Task<HeadLock> TakeAsync(string connectionString, string? tenant = null)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync("BEGIN; SELECT 1 FROM tenants WHERE @tenant IS NULL OR tenant = @tenant FOR UPDATE", new { tenant });
        return new HeadLock(connection);
    }

    /// <summary>Returns once somebody waits for the lock.</summary>
    public async Task WaitForWaiterAsync()
    {
        while (await _connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0)
        {
            // Inside a transaction the server shows the same picture every time unless told otherwise.
            await _connection.ExecuteAsync("SELECT pg_stat_clear_snapshot()");
        }
    }

    public Task ReleaseAsync() => _connection.ExecuteAsync("COMMIT");

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
