using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteAnswerStoreConformanceTests : AnswerStoreConformance<SqliteAnswerStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IAnswerStore> Store)> OpenAsync()
    {
        var fixture = new SqliteStoreFixture();
        return ValueTask.FromResult<(IStoreFixture, Func<IAnswerStore>)>((fixture, () => new SqliteAnswerStore(fixture.Database)));
    }
}

[RequiresPostgres]
public sealed class PostgresAnswerStoreConformanceTests : AnswerStoreConformance<PostgresAnswerStore>
{
    protected override async ValueTask<(IStoreFixture Fixture, Func<IAnswerStore> Store)> OpenAsync()
    {
        var fixture = await PostgresStoreFixture.CreateAsync();
        return (fixture, () => new PostgresAnswerStore(fixture.Database));
    }
}
