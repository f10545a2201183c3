using Dapper;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;
using MetaLlm.Storage.Usage;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Usage reports from the journal's file.</summary>
/// <param name="database">The open file.</param>
public sealed class SqliteUsageReports(SqliteDatabase database) : IUsageReports
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UsageRow>> ReadUsageAsync(UsageQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);

        // SQLite's calls block, and this one may take seconds.
        return await Task.Run(() => database.Read(session => Read(session, query, cancellationToken), cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static IReadOnlyList<UsageRow> Read(ReadSession session, UsageQuery query, CancellationToken cancellationToken)
    {
        var tally = new UsageTally(query.By);
        var parameters = new { tenant = query.Tenant, from = query.From.UtcTicks, to = query.To.UtcTicks };
        if (UsageSql.InRecord(query))
        {
            foreach (var row in session.Connection.Query<UsageTally.DecisionRow>(UsageSql.Rows(query), parameters, buffered: false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                tally.Add(row);
            }
        }
        else
        {
            foreach (var row in session.Connection.Query<UsageTally.SumRow>(UsageSql.Sums(query), parameters))
            {
                tally.Add(row);
            }
        }

        foreach (var row in session.Connection.Query<UsageTally.AttemptsRow>(UsageSql.Attempts(query), parameters, buffered: false))
        {
            tally.Add(row);
        }

        return tally.Rows;
    }
}
