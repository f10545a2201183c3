using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteFileStoreConformanceTests : FileStoreConformance<SqliteFileStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IFileStore> Store)> OpenAsync() => SqliteStoreFixture.OpenAsync<IFileStore>(database => new SqliteFileStore(database));
}

[RequiresPostgres]
public sealed class PostgresFileStoreConformanceTests : FileStoreConformance<PostgresFileStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IFileStore> Store)> OpenAsync() => PostgresStoreFixture.OpenAsync<IFileStore>(database => new PostgresFileStore(database));
}
