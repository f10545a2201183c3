using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteResponseStoreConformanceTests : ResponseStoreConformance<SqliteResponseStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IResponseStore> Store)> OpenAsync()
    {
        var fixture = new SqliteStoreFixture();
        return ValueTask.FromResult<(IStoreFixture, Func<IResponseStore>)>((fixture, () => new SqliteResponseStore(fixture.Database)));
    }
}

[RequiresPostgres]
public sealed class PostgresResponseStoreConformanceTests : ResponseStoreConformance<PostgresResponseStore>
{
    protected override async ValueTask<(IStoreFixture Fixture, Func<IResponseStore> Store)> OpenAsync()
    {
        var fixture = await PostgresStoreFixture.CreateAsync();
        return (fixture, () => new PostgresResponseStore(fixture.Database));
    }
}
