using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;

namespace MetaLlm.Storage.Tests;

public sealed class ConformanceCoverageTests
{
    [Fact]
    public void Every_journal_passes_its_ports_suite() =>
        Assert.Empty(ConformanceCoverage.Missing(
            typeof(ITenantJournal), typeof(TenantJournalConformance<>), typeof(SqliteDatabase).Assembly, typeof(ConformanceCoverageTests).Assembly));

    [Fact]
    public void Every_directory_passes_its_ports_suite() =>
        Assert.Empty(ConformanceCoverage.Missing(
            typeof(ITenantDirectory), typeof(TenantDirectoryConformance<>), typeof(SqliteDatabase).Assembly, typeof(ConformanceCoverageTests).Assembly));

    [Fact]
    public void Every_store_of_responses_passes_its_ports_suite() =>
        Assert.Empty(ConformanceCoverage.Missing(
            typeof(IResponseStore), typeof(ResponseStoreConformance<>), typeof(SqliteDatabase).Assembly, typeof(ConformanceCoverageTests).Assembly));

    [Fact]
    public void Every_store_of_answers_passes_its_ports_suite() =>
        Assert.Empty(ConformanceCoverage.Missing(
            typeof(IAnswerStore), typeof(AnswerStoreConformance<>), typeof(SqliteDatabase).Assembly, typeof(ConformanceCoverageTests).Assembly));

    [Fact]
    public void Every_store_of_files_passes_its_ports_suite() =>
        Assert.Empty(ConformanceCoverage.Missing(
            typeof(IFileStore), typeof(FileStoreConformance<>), typeof(SqliteDatabase).Assembly, typeof(ConformanceCoverageTests).Assembly));

    [Fact]
    public void Every_store_of_batches_passes_its_ports_suite() =>
        Assert.Empty(ConformanceCoverage.Missing(
            typeof(IBatchStore), typeof(BatchStoreConformance<>), typeof(SqliteDatabase).Assembly, typeof(ConformanceCoverageTests).Assembly));

    [Fact]
    public void Every_store_of_logged_requests_passes_its_ports_suite() =>
        Assert.Empty(ConformanceCoverage.Missing(
            typeof(IRequestLogStore), typeof(RequestLogStoreConformance<>), typeof(SqliteDatabase).Assembly, typeof(ConformanceCoverageTests).Assembly));

    [Fact]
    public void Every_store_of_shared_learning_passes_its_ports_suite() =>
        Assert.Empty(ConformanceCoverage.Missing(
            typeof(ISharedLearningStore), typeof(SharedLearningStoreConformance<>), typeof(SqliteDatabase).Assembly, typeof(ConformanceCoverageTests).Assembly));

    [Fact]
    public void Every_store_of_sums_passes_its_ports_suite() =>
        Assert.Empty(ConformanceCoverage.Missing(
            typeof(IUsageSums), typeof(UsageSumsConformance<>), typeof(SqliteDatabase).Assembly, typeof(ConformanceCoverageTests).Assembly));

    [Fact]
    public void A_store_without_a_suite_would_be_found() =>
        Assert.Contains(
            typeof(SqliteTenantJournal).FullName,
            ConformanceCoverage.Missing(
                typeof(ITenantJournal), typeof(TenantJournalConformance<>), typeof(SqliteDatabase).Assembly, typeof(TenantJournalConformance<>).Assembly));
}
