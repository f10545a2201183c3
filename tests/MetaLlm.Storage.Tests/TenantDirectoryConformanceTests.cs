using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteTenantDirectoryConformanceTests : TenantDirectoryConformance<SqliteTenantDirectory>
{
    protected override ValueTask<IStoreFixture> OpenAsync() => ValueTask.FromResult<IStoreFixture>(new SqliteStoreFixture());
}

[RequiresPostgres]
public sealed class PostgresTenantDirectoryConformanceTests : TenantDirectoryConformance<PostgresTenantDirectory>
{
    protected override async ValueTask<IStoreFixture> OpenAsync() => await PostgresStoreFixture.CreateAsync();
}

public sealed class InMemoryTenantDirectoryConformanceTests : TenantDirectoryConformance<InMemoryTenantDirectory>
{
    protected override ValueTask<IStoreFixture> OpenAsync() => ValueTask.FromResult<IStoreFixture>(new InMemoryStoreFixture());
}
