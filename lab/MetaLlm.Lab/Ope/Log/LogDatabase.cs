using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.Storage;
using MetaLlm.Storage.Migrations;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MetaLlm.Lab.Ope.Log;

/// <summary>Reads a tenant's log from either kind of database, a page at a time, while gateways may be writing it.</summary>
internal static class LogDatabase
{
    /// <summary>Reads a tenant's log.</summary>
    /// <param name="storage">Where it is: a SQLite file that is there, or a connection string of PostgreSQL.</param>
    /// <param name="archive">Directory with decisions that were dropped from it; null for none.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Cancels between pages.</param>
    /// <exception cref="BadInputException">The database cannot be used, has another schema, or holds no decision of the tenant.</exception>
    /// <exception cref="IOException">The PostgreSQL server is away, or does not let us in.</exception>
    public static Task<DecisionLog> ReadAsync(StorageSettings storage, string? archive, string tenant, CancellationToken cancellationToken) =>
        storage.Kind == StorageKind.Sqlite
            ? ReadSqliteAsync(storage.Sqlite.Path, archive, tenant, cancellationToken)
            : ReadPostgresAsync(storage.Postgres.ConnectionString, archive, tenant, cancellationToken);

    private static async Task<DecisionLog> ReadSqliteAsync(string path, string? archive, string tenant, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection().AddMetaLlmMetrics().BuildServiceProvider();
        try
        {
            await using var database = SqliteDatabase.Open(
                new SqliteOptions { Path = path },
                TimeProvider.System,
                services.GetRequiredService<EngineMetrics>(),
                NullLogger<SqliteDatabase>.Instance);
            return await DecisionLog.ReadAsync(new SqliteTenantJournal(database), archive, tenant, cancellationToken);
        }
        catch (Exception e) when (e is SchemaException or SqliteException)
        {
            throw new BadInputException($"{path}: {e.Message}");
        }
    }

    private static async Task<DecisionLog> ReadPostgresAsync(string connectionString, string? archive, string tenant, CancellationToken cancellationToken)
    {
        // The pages are read one after the other, and nothing is written: the server itself is told to refuse it.
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddMetaLlmPostgres(o => (o.ConnectionString, o.ReadOnly, o.Writers, o.ReadPoolSize) = (connectionString, true, 1, 1))
            .BuildServiceProvider();
        try
        {
            await services.GetRequiredService<PostgresDatabase>().CheckAsync(cancellationToken);
            return await DecisionLog.ReadAsync(services.GetRequiredService<ITenantJournal>(), archive, tenant, cancellationToken);
        }
        catch (OptionsValidationException e)
        {
            throw new BadInputException([.. e.Failures.Select(failure => $"The PostgreSQL database cannot be used: {failure}")]);
        }
        catch (SchemaException e)
        {
            throw new BadInputException($"The PostgreSQL database cannot be used: {e.Message}");
        }
        catch (EngineUnavailableException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
