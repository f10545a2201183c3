using System.Data.Common;
using Dapper;
using MetaLlm.Engine.Configuration;
using MetaLlm.Storage.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>A PostgreSQL server, which several processes share.</summary>
internal sealed class PostgresDriver : StorageDriver
{
    public const string Kind = "postgres";

    /// <summary>Hosts write each second when they were last alive; one that stands still may go on.</summary>
    private const string Alive = "SELECT count(*) FROM orleans_silos WHERE status IN (2, 3) AND alive_at > now() - interval '35 seconds'";

    public override string Name => Kind;

    public override string Invariant => nameof(Npgsql);

    public override void Complete(StorageSettings storage, string? directory, SettingsErrors errors)
    {
        if (storage.Path is not null)
        {
            errors.Add("path", "belongs to kind sqlite; kind postgres takes connectionEnvironment or connectionFile.");
        }

        if (storage.ConnectionEnvironment is null && storage.ConnectionFile is null)
        {
            errors.Add("connectionEnvironment", "is missing, and so is connectionFile; kind postgres needs the name of an environment variable or of a file that holds a connection string.");
        }

        if (storage.ConnectionEnvironment is not null && storage.ConnectionFile is not null)
        {
            errors.Add("connectionFile", "is given beside connectionEnvironment; only one of them may be.");
        }

        storage.Postgres.ConnectionString = storage.ConnectionFile?.Value ?? storage.ConnectionEnvironment?.Value ?? "";
    }

    public override string Describe(StorageSettings storage) => storage switch
    {
        { ConnectionFile: { } file } => $"PostgreSQL, by file {file}",
        { ConnectionEnvironment: { } variable } => $"PostgreSQL, by environment variable {variable}",
        _ => "PostgreSQL",
    };

    public override string MembershipConnection(StorageSettings storage) => PostgresSessions.ForMembership(storage.Postgres);

    public override string SnapshotConnection(StorageSettings storage) => PostgresSessions.ForSnapshots(storage.Postgres);

    public override void AddServices(IServiceCollection services, StorageSettings storage, bool reading = false)
    {
        services.AddMetaLlmPostgres(options =>
        {
            storage.Postgres.CopyTo(options);
            if (reading)
            {
                // The server itself is told to refuse writes.
                (options.ReadOnly, options.Writers, options.ReadPoolSize) = (true, 1, 1);
            }
        });
    }

    public override Task<MigrationReport> MigrateAsync(StorageSettings storage, CancellationToken cancellationToken) =>
        PostgresMigrator.MigrateAsync(storage.Postgres.ConnectionString, cancellationToken: cancellationToken);

    public override async Task<long> CountSilosAsync(StorageSettings storage, CancellationToken cancellationToken)
    {
        var connection = Connect(storage);
        await using var connectionEnd = connection.ConfigureAwait(false);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(Alive, cancellationToken: cancellationToken)).ConfigureAwait(false);
    }

    protected override DbConnection Connect(StorageSettings storage) =>
        new NpgsqlConnection(new NpgsqlConnectionStringBuilder(storage.Postgres.ConnectionString) { Pooling = false }.ToString());
}
