using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Engines;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.InProcess.Tests;

[RequiresPostgres]
public sealed class PostgresEngineConformanceTests : TenantEngineConformance<InProcessTenantEngine>
{
    protected override async ValueTask<IEngineFixture> StartAsync() =>
        new InProcessEngineFixture(await PostgresStoreFixture.CreateAsync());
}
