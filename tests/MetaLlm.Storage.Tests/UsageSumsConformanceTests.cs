using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteUsageSumsConformanceTests : UsageSumsConformance<SqliteUsageSums>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<(IUsageSums Sums, IUsageReports Reports, IJournalRetention Retention)> Open)> OpenAsync()
    {
        var fixture = new SqliteStoreFixture();
        return ValueTask.FromResult<(IStoreFixture, Func<(IUsageSums, IUsageReports, IJournalRetention)>)>(
            (fixture, () => (new SqliteUsageSums(fixture.Database), new SqliteUsageReports(fixture.Database), new SqliteRetention(fixture.Database))));
    }
}

[RequiresPostgres]
public sealed class PostgresUsageSumsConformanceTests : UsageSumsConformance<PostgresUsageSums>
{
    protected override async ValueTask<(IStoreFixture Fixture, Func<(IUsageSums Sums, IUsageReports Reports, IJournalRetention Retention)> Open)> OpenAsync()
    {
        var fixture = await PostgresStoreFixture.CreateAsync();
        return (fixture, () => (new PostgresUsageSums(fixture.Database), new PostgresUsageReports(fixture.Database), new PostgresRetention(fixture.Database)));
    }
}
