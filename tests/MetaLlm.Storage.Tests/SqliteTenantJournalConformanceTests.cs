using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteTenantJournalConformanceTests : TenantJournalConformance<SqliteTenantJournal>
{
    protected override ValueTask<IStoreFixture> OpenAsync() => ValueTask.FromResult<IStoreFixture>(new SqliteStoreFixture());
}
