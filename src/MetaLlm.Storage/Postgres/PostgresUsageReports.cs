using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;
using MetaLlm.Storage.Usage;

namespace MetaLlm.Storage.Postgres;

/// <summary>Usage reports from PostgreSQL.</summary>
/// <param name="database">The database.</param>
public sealed class PostgresUsageReports(PostgresDatabase database) : IUsageReports
{
    private readonly PostgresUsageSumStore _store = new(database);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UsageRow>> ReadUsageAsync(UsageQuery query, CancellationToken cancellationToken) =>
        await UsageReport.ReadAsync(_store, query, cancellationToken).ConfigureAwait(false);
}
