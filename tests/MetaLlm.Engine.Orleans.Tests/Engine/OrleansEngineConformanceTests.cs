using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Engines;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.Orleans.Tests.Engine;

public sealed class OrleansEngineConformanceTests : TenantEngineConformance<OrleansTenantEngine>
{
    protected override async ValueTask<IEngineFixture> StartAsync() => await OrleansEngineFixture.StartAsync(new InMemoryStoreFixture());
}
