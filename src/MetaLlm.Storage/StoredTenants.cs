using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace MetaLlm.Storage;

/// <summary>Looks into a store from outside, while no host serves from it.</summary>
public static class StoredTenants
{
    /// <summary>Hosts write when they were last alive every ten seconds.</summary>
    private const string Alive = "SELECT count(*) FROM orleans_silos WHERE status IN (2, 3) AND alive_at > now() - interval '35 seconds'";

    /// <summary>The tenants that something was recorded of.</summary>
    /// <param name="storage">The store; its schema is this build's.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>Their names, in order.</returns>
    /// <exception cref="DbException">The store cannot be read.</exception>
    public static async Task<IReadOnlyList<string>> ListAsync(StorageSettings storage, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(storage);
        var connection = await OpenAsync(storage, cancellationToken).ConfigureAwait(false);
        await using var connectionEnd = connection.ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT tenant FROM tenants ORDER BY tenant";
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var readerEnd = reader.ConfigureAwait(false);
        var tenants = new List<string>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            tenants.Add(reader.GetString(0));
        }

        return tenants;
    }

    /// <summary>How many silos serve from a PostgreSQL database at the moment, or have until half a minute ago without a proper end. A SQLite file does not tell.</summary>
    /// <param name="storage">The store; its schema is this build's.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <exception cref="DbException">The store cannot be read.</exception>
    public static async Task<long> CountSilosAsync(StorageSettings storage, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(storage);
        if (storage.Kind == StorageKind.Sqlite)
        {
            return 0;
        }

        var connection = await OpenAsync(storage, cancellationToken).ConfigureAwait(false);
        await using var connectionEnd = connection.ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText = Alive;
        return (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static async Task<DbConnection> OpenAsync(StorageSettings storage, CancellationToken cancellationToken)
    {
        DbConnection connection = storage.Kind == StorageKind.Postgres
            ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(storage.Postgres.ConnectionString) { Pooling = false }.ToString())
            : new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = storage.Sqlite.Path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
