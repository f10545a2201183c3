using MetaLlm.Engine.Ports;
using MetaLlm.TestKit.Conformance;

namespace MetaLlm.Engine.Orleans.Tests.Engine;

public sealed class ConformanceCoverageTests
{
    [Fact]
    public void Every_engine_passes_the_engines_suite() =>
        Assert.Empty(ConformanceCoverage.Missing(
            typeof(ITenantEngine),
            typeof(TenantEngineConformance<>),
            typeof(OrleansTenantEngine).Assembly,
            typeof(ConformanceCoverageTests).Assembly));
}
