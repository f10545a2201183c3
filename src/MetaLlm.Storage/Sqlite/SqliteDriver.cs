using System.Data.Common;
using MetaLlm.Engine.Configuration;
using MetaLlm.Storage.Migrations;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Storage.Sqlite;

/// <summary>A SQLite file, for one process.</summary>
public sealed class SqliteDriver : StorageDriver
{
    /// <summary>The name.</summary>
    public const string Kind = "sqlite";

    private const string DefaultFile = "metallm.db";

    /// <inheritdoc/>
    public override string Name => Kind;

    /// <inheritdoc/>
    public override void Complete(StorageSettings storage, string? directory, SettingsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(errors);
        if (storage.ConnectionEnvironment is not null)
        {
            errors.Add("connectionEnvironment", "belongs to kind postgres; kind sqlite takes path.");
        }

        if (storage.ConnectionFile is not null)
        {
            errors.Add("connectionFile", "belongs to kind postgres; kind sqlite takes path.");
        }

        storage.Sqlite.Path = Path.GetFullPath(directory is not null ? Path.Combine(directory, DefaultFile) : storage.Path ?? Path.Combine("data", DefaultFile));
    }

    /// <inheritdoc/>
    public override string Describe(StorageSettings storage) => FileOf(storage);

    /// <inheritdoc/>
    public override string FileOf(StorageSettings storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return storage.Sqlite.Path;
    }

    /// <inheritdoc/>
    public override void AddServices(IServiceCollection services, StorageSettings storage, bool reading = false)
    {
        ArgumentNullException.ThrowIfNull(storage);
        services.AddMetaLlmSqlite(storage.Sqlite.CopyTo);
    }

    /// <inheritdoc/>
    public override async Task<MigrationReport> MigrateAsync(StorageSettings storage, CancellationToken cancellationToken)
    {
        var file = FileOf(storage);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        await using var connectionEnd = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        return SqliteMigrator.Migrate(connection, file);
    }

    /// <inheritdoc/>
    protected override DbConnection Connect(StorageSettings storage) =>
        new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = FileOf(storage), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
}
