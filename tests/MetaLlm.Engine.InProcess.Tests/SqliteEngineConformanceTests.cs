using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Engines;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.InProcess.Tests;

public sealed class SqliteEngineConformanceTests : TenantEngineConformance<InProcessTenantEngine>
{
    protected override ValueTask<IEngineFixture> StartAsync() =>
        ValueTask.FromResult<IEngineFixture>(new InProcessEngineFixture(new SqliteStoreFixture()));
}
