using System.Data.Common;
using MetaLlm.Engine.Configuration;
using MetaLlm.Storage.Migrations;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Storage.Sqlite;

/// <summary>A SQLite file, for one process.</summary>
internal sealed class SqliteDriver : StorageDriver
{
    public const string Kind = "sqlite";

    private const string DefaultFile = "metallm.db";

    public override string Name => Kind;

    public override void Complete(StorageSettings storage, string? directory, SettingsErrors errors)
    {
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

    public override string Describe(StorageSettings storage) => FileOf(storage);

    public override string FileOf(StorageSettings storage) => storage.Sqlite.Path;

    public override void AddServices(IServiceCollection services, StorageSettings storage, bool reading = false) =>
        services.AddMetaLlmSqlite(storage.Sqlite.CopyTo);

    public override async Task<MigrationReport> MigrateAsync(StorageSettings storage, CancellationToken cancellationToken)
    {
        var file = FileOf(storage);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        await using var connectionEnd = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        return SqliteMigrator.Migrate(connection, file);
    }

    protected override DbConnection Connect(StorageSettings storage) =>
        new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = FileOf(storage), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
}
