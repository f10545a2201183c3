using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteUsageSumsConformanceTests : UsageSumsConformance<SqliteUsageSums>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<(IUsageSums Sums, IUsageReports Reports, IJournalRetention Retention)> Store)> OpenAsync() =>
        SqliteStoreFixture.OpenAsync<(IUsageSums, IUsageReports, IJournalRetention)>(database => (new SqliteUsageSums(database), new SqliteUsageReports(database), new SqliteRetention(database)));
}

[RequiresPostgres]
public sealed class PostgresUsageSumsConformanceTests : UsageSumsConformance<PostgresUsageSums>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<(IUsageSums Sums, IUsageReports Reports, IJournalRetention Retention)> Store)> OpenAsync() =>
        PostgresStoreFixture.OpenAsync<(IUsageSums, IUsageReports, IJournalRetention)>(database => (new PostgresUsageSums(database), new PostgresUsageReports(database), new PostgresRetention(database)));
}
