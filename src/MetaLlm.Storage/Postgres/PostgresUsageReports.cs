using Dapper;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;
using MetaLlm.Storage.Usage;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Usage reports from PostgreSQL.</summary>
/// <param name="database">The database.</param>
public sealed class PostgresUsageReports(PostgresDatabase database) : IUsageReports
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UsageRow>> ReadUsageAsync(UsageQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await database.ReadAsync(connection => ReadAsync(connection, query, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<UsageRow>> ReadAsync(NpgsqlConnection connection, UsageQuery query, CancellationToken cancellationToken)
    {
        var tally = new UsageTally(query.By);
        var parameters = new { tenant = query.Tenant, from = query.From.UtcTicks, to = query.To.UtcTicks };
        if (UsageSql.InRecord(query))
        {
            await foreach (var row in connection.QueryUnbufferedAsync<UsageTally.DecisionRow>(UsageSql.Rows(query), parameters).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                tally.Add(row);
            }
        }
        else
        {
            foreach (var row in await connection.QueryAsync<UsageTally.SumRow>(new CommandDefinition(UsageSql.Sums(query), parameters, cancellationToken: cancellationToken)).ConfigureAwait(false))
            {
                tally.Add(row);
            }
        }

        await foreach (var row in connection.QueryUnbufferedAsync<UsageTally.AttemptsRow>(UsageSql.Attempts(query), parameters).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            tally.Add(row);
        }

        return tally.Rows;
    }
}
