using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;

namespace MetaLlm.Storage.Tests;

public sealed class ConformanceCoverageTests
{
    [Theory]
    [InlineData(typeof(ITenantJournal), typeof(TenantJournalConformance<>))]
    [InlineData(typeof(ISnapshotStore), typeof(SnapshotStoreConformance<>))]
    public void Every_store_passes_its_ports_suite(Type port, Type suite) =>
        Assert.Empty(ConformanceCoverage.Missing(port, suite, typeof(SqliteDatabase).Assembly, typeof(ConformanceCoverageTests).Assembly));

    [Fact]
    public void A_store_without_a_suite_would_be_found() =>
        Assert.Contains(
            typeof(SqliteTenantJournal).FullName,
            ConformanceCoverage.Missing(
                typeof(ITenantJournal), typeof(TenantJournalConformance<>), typeof(SqliteDatabase).Assembly, typeof(TenantJournalConformance<>).Assembly));
}
