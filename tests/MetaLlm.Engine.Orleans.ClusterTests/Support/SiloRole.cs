using Npgsql;

namespace MetaLlm.Engine.Orleans.ClusterTests.Support;

/// <summary>A database role for the journal and the snapshots of one silo alone, so that it can be cut off from them as a process that is gone.</summary>
internal sealed class SiloRole
{
    private static int _count;

    private readonly string _administrator;
    private readonly string _name;

    private SiloRole(string administrator, string name)
    {
        _administrator = administrator;
        _name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(administrator) { Username = name, MaxPoolSize = 16 }.ConnectionString;
    }

    /// <summary>The database as this role.</summary>
    public string ConnectionString { get; }

    public static SiloRole Create(string administrator)
    {
        var role = new SiloRole(administrator, $"silo_{Interlocked.Increment(ref _count)}");
        using var connection = new NpgsqlConnection(administrator + ";Pooling=False");
        connection.Open();
        using var command = new NpgsqlCommand($"CREATE ROLE {role._name} LOGIN SUPERUSER", connection);
        command.ExecuteNonQuery();
        return role;
    }

    /// <summary>From now on nothing that the silo writes reaches the database: its connections end, open transactions with them, and there are no new ones.</summary>
    public async Task CutOffAsync()
    {
        await using var connection = new NpgsqlConnection(_administrator + ";Pooling=False");
        await connection.OpenAsync();
        await using var forbid = new NpgsqlCommand($"ALTER ROLE {_name} NOLOGIN", connection);
        await forbid.ExecuteNonQueryAsync();
        await using var end = new NpgsqlCommand("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = $1", connection);
        end.Parameters.AddWithValue(_name);
        await end.ExecuteNonQueryAsync();
    }

    /// <summary>New connections are let in again.</summary>
    public async Task LetInAsync()
    {
        await using var connection = new NpgsqlConnection(_administrator + ";Pooling=False");
        await connection.OpenAsync();
        await using var allow = new NpgsqlCommand($"ALTER ROLE {_name} LOGIN", connection);
        await allow.ExecuteNonQueryAsync();
    }
}
