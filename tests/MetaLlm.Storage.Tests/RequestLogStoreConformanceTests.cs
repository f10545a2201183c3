using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteRequestLogStoreConformanceTests : RequestLogStoreConformance<SqliteRequestLogStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IRequestLogStore> Store)> OpenAsync() => SqliteStoreFixture.OpenAsync<IRequestLogStore>(database => new SqliteRequestLogStore(database));
}

[RequiresPostgres]
public sealed class PostgresRequestLogStoreConformanceTests : RequestLogStoreConformance<PostgresRequestLogStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IRequestLogStore> Store)> OpenAsync() => PostgresStoreFixture.OpenAsync<IRequestLogStore>(database => new PostgresRequestLogStore(database));
}
