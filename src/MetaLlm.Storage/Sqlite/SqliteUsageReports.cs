using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;
using MetaLlm.Storage.Usage;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Usage reports from the journal's file.</summary>
/// <param name="database">The open file.</param>
public sealed class SqliteUsageReports(SqliteDatabase database) : IUsageReports
{
    private readonly SqliteUsageSumStore _store = new(database);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UsageRow>> ReadUsageAsync(UsageQuery query, CancellationToken cancellationToken) =>
        await UsageReport.ReadAsync(_store, query, cancellationToken).ConfigureAwait(false);
}
