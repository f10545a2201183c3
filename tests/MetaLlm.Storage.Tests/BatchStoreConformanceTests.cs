using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteBatchStoreConformanceTests : BatchStoreConformance<SqliteBatchStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IBatchStore> Store)> OpenAsync() => SqliteStoreFixture.OpenAsync<IBatchStore>(database => new SqliteBatchStore(database));
}

[RequiresPostgres]
public sealed class PostgresBatchStoreConformanceTests : BatchStoreConformance<PostgresBatchStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IBatchStore> Store)> OpenAsync() => PostgresStoreFixture.OpenAsync<IBatchStore>(database => new PostgresBatchStore(database));
}
