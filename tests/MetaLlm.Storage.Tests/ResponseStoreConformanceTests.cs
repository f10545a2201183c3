using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteResponseStoreConformanceTests : ResponseStoreConformance<SqliteResponseStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IResponseStore> Store)> OpenAsync() => SqliteStoreFixture.OpenAsync<IResponseStore>(database => new SqliteResponseStore(database));
}

[RequiresPostgres]
public sealed class PostgresResponseStoreConformanceTests : ResponseStoreConformance<PostgresResponseStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IResponseStore> Store)> OpenAsync() => PostgresStoreFixture.OpenAsync<IResponseStore>(database => new PostgresResponseStore(database));
}
