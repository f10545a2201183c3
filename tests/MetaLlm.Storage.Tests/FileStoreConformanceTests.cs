using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteFileStoreConformanceTests : FileStoreConformance<SqliteFileStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<IFileStore> Store)> OpenAsync()
    {
        var fixture = new SqliteStoreFixture();
        return ValueTask.FromResult<(IStoreFixture, Func<IFileStore>)>((fixture, () => new SqliteFileStore(fixture.Database)));
    }
}

[RequiresPostgres]
public sealed class PostgresFileStoreConformanceTests : FileStoreConformance<PostgresFileStore>
{
    protected override async ValueTask<(IStoreFixture Fixture, Func<IFileStore> Store)> OpenAsync()
    {
        var fixture = await PostgresStoreFixture.CreateAsync();
        return (fixture, () => new PostgresFileStore(fixture.Database));
    }
}
