using MetaLlm.Engine.Usage;

namespace MetaLlm.Storage.Usage;

/// <summary>Makes a usage report of sums per hour, and at its ends, where hours are not whole, of the journal's decisions of those hours.</summary>
internal static class UsageReport
{
    /// <summary>Reads a report.</summary>
    public static async Task<IReadOnlyList<UsageRow>> ReadAsync(IUsageSumStore store, UsageQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var tally = new UsageTally(query.By);
        await UsageSummation.CatchUpAsync(store, query.Tenant, patience: null, cancellationToken).ConfigureAwait(false);
        var (from, to) = (query.From.UtcTicks, query.To.UtcTicks);
        var (first, end) = (UsageSummation.Ceiling(from), to / TimeSpan.TicksPerHour);
        if (first > end)
        {
            await AddEdgeAsync(store, query, tally, from, to, cancellationToken).ConfigureAwait(false);
            return tally.Rows;
        }

        await AddEdgeAsync(store, query, tally, from, first * TimeSpan.TicksPerHour, cancellationToken).ConfigureAwait(false);
        foreach (var row in await store.QueryAsync<UsageTally.SumRow>(UsageSql.Hours(query), new { tenant = query.Tenant, from = first, to = end }, cancellationToken).ConfigureAwait(false))
        {
            tally.Add(row);
        }

        await AddEdgeAsync(store, query, tally, end * TimeSpan.TicksPerHour, to, cancellationToken).ConfigureAwait(false);
        return tally.Rows;
    }

    private static async Task AddEdgeAsync(IUsageSumStore store, UsageQuery query, UsageTally tally, long from, long to, CancellationToken cancellationToken)
    {
        if (from >= to)
        {
            return;
        }

        var parameters = new { tenant = query.Tenant, from, to, hour = from / TimeSpan.TicksPerHour };
        if (UsageSql.InRecord(query))
        {
            foreach (var row in await store.QueryAsync<UsageTally.DecisionRow>(UsageSql.Rows(query), parameters, cancellationToken).ConfigureAwait(false))
            {
                tally.Add(row);
            }
        }
        else
        {
            foreach (var row in await store.QueryAsync<UsageTally.SumRow>(UsageSql.Sums(query), parameters, cancellationToken).ConfigureAwait(false))
            {
                tally.Add(row);
            }
        }

        foreach (var row in await store.QueryAsync<UsageTally.AttemptsRow>(UsageSql.Attempts(query), parameters, cancellationToken).ConfigureAwait(false))
        {
            tally.Add(row);
        }
    }
}
