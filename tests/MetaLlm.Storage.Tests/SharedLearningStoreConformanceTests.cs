using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteSharedLearningStoreConformanceTests : SharedLearningStoreConformance<SqliteSharedLearningStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<ISharedLearningStore> Store)> OpenAsync() => SqliteStoreFixture.OpenAsync<ISharedLearningStore>(database => new SqliteSharedLearningStore(database));
}

[RequiresPostgres]
public sealed class PostgresSharedLearningStoreConformanceTests : SharedLearningStoreConformance<PostgresSharedLearningStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<ISharedLearningStore> Store)> OpenAsync() => PostgresStoreFixture.OpenAsync<ISharedLearningStore>(database => new PostgresSharedLearningStore(database));
}
