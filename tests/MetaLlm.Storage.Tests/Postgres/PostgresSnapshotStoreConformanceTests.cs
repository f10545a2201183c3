using MetaLlm.Storage.Postgres;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests.Postgres;

[RequiresPostgres]
public sealed class PostgresSnapshotStoreConformanceTests : SnapshotStoreConformance<PostgresSnapshotStore>
{
    protected override async ValueTask<IStoreFixture> OpenAsync() => await PostgresStoreFixture.CreateAsync();
}
