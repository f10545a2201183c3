using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteRequestLogStoreConformanceTests : RequestLogStoreConformance<SqliteRequestLogStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IRequestLogStore> Store)> OpenAsync()
    {
        var fixture = new SqliteStoreFixture();
        return ValueTask.FromResult<(IStoreFixture, Func<IRequestLogStore>)>((fixture, () => new SqliteRequestLogStore(fixture.Database)));
    }
}

[RequiresPostgres]
public sealed class PostgresRequestLogStoreConformanceTests : RequestLogStoreConformance<PostgresRequestLogStore>
{
    protected override async ValueTask<(IStoreFixture Fixture, Func<IRequestLogStore> Store)> OpenAsync()
    {
        var fixture = await PostgresStoreFixture.CreateAsync();
        return (fixture, () => new PostgresRequestLogStore(fixture.Database));
    }
}
