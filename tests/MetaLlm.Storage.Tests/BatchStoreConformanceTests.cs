using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteBatchStoreConformanceTests : BatchStoreConformance<SqliteBatchStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IBatchStore> Store)> OpenAsync()
    {
        var fixture = new SqliteStoreFixture();
        return ValueTask.FromResult<(IStoreFixture, Func<IBatchStore>)>((fixture, () => new SqliteBatchStore(fixture.Database)));
    }
}

[RequiresPostgres]
public sealed class PostgresBatchStoreConformanceTests : BatchStoreConformance<PostgresBatchStore>
{
    protected override async ValueTask<(IStoreFixture Fixture, Func<IBatchStore> Store)> OpenAsync()
    {
        var fixture = await PostgresStoreFixture.CreateAsync();
        return (fixture, () => new PostgresBatchStore(fixture.Database));
    }
}
