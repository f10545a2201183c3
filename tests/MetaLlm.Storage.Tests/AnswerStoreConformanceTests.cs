using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteAnswerStoreConformanceTests : AnswerStoreConformance<SqliteAnswerStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IAnswerStore> Store)> OpenAsync() => SqliteStoreFixture.OpenAsync<IAnswerStore>(database => new SqliteAnswerStore(database));
}

[RequiresPostgres]
public sealed class PostgresAnswerStoreConformanceTests : AnswerStoreConformance<PostgresAnswerStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IAnswerStore> Store)> OpenAsync() => PostgresStoreFixture.OpenAsync<IAnswerStore>(database => new PostgresAnswerStore(database));
}
