using System.Data.Common;
using Dapper;
using MetaLlm.Engine.Configuration;
using MetaLlm.Storage.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>A PostgreSQL server, which several processes share.</summary>
public sealed class PostgresDriver : StorageDriver
{
    /// <summary>The name.</summary>
    public const string Kind = "postgres";

    /// <summary>Hosts write when they were last alive every ten seconds.</summary>
    private const string Alive = "SELECT count(*) FROM orleans_silos WHERE status IN (2, 3) AND alive_at > now() - interval '35 seconds'";

    /// <inheritdoc/>
    public override string Name => Kind;

    /// <inheritdoc/>
    public override string Invariant => nameof(Npgsql);

    /// <inheritdoc/>
    public override void Complete(StorageSettings storage, string? directory, SettingsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(errors);
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

    /// <inheritdoc/>
    public override string Describe(StorageSettings storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return storage switch
        {
            { ConnectionFile: { } file } => $"PostgreSQL, by file {file}",
            { ConnectionEnvironment: { } variable } => $"PostgreSQL, by environment variable {variable}",
            _ => "PostgreSQL",
        };
    }

    /// <inheritdoc/>
    public override string MembershipConnection(StorageSettings storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return PostgresSessions.ForMembership(storage.Postgres);
    }

    /// <inheritdoc/>
    public override string SnapshotConnection(StorageSettings storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return PostgresSessions.ForSnapshots(storage.Postgres);
    }

    /// <inheritdoc/>
    public override void AddServices(IServiceCollection services, StorageSettings storage, bool reading = false)
    {
        ArgumentNullException.ThrowIfNull(storage);
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

    /// <inheritdoc/>
    public override Task<MigrationReport> MigrateAsync(StorageSettings storage, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return PostgresMigrator.MigrateAsync(storage.Postgres.ConnectionString, cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task<long> CountSilosAsync(StorageSettings storage, CancellationToken cancellationToken)
    {
        var connection = Connect(storage);
        await using var connectionEnd = connection.ConfigureAwait(false);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(Alive, cancellationToken: cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override DbConnection Connect(StorageSettings storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return new NpgsqlConnection(new NpgsqlConnectionStringBuilder(storage.Postgres.ConnectionString) { Pooling = false }.ToString());
    }
}
