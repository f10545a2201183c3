using System.Diagnostics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Usage;

namespace MetaLlm.Storage.Usage;

/// <summary>Counts journals into their sums, a slice at a time, and reads the sums.</summary>
internal static class UsageSummation
{
    private const int Slice = 4000;

    /// <summary>Counts what the journals hold now.</summary>
    /// <param name="store">Where.</param>
    /// <param name="tenant">The tenant; null for all.</param>
    /// <param name="patience">How long at most; null for as long as it takes.</param>
    /// <param name="cancellationToken">Cancels between slices.</param>
    /// <returns>Whether all was counted.</returns>
    public static async Task<bool> CatchUpAsync(IUsageSumStore store, string? tenant, TimeSpan? patience, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var behind in await store.QueryAsync<UsageRows.Head>(UsageSumSql.Behind(tenant), new { tenant }, cancellationToken).ConfigureAwait(false))
        {
            // Of the journal as it was when somebody asked, events are read after the decisions that they are about.
            var head = behind;
            while (head.Ordinal < behind.LastOrdinal || head.Sequence < behind.LastSequence)
            {
                if (patience is { } bound && Stopwatch.GetElapsedTime(began) > bound)
                {
                    return false;
                }

                var (next, deltas) = await ReadAsync(store, head, cancellationToken).ConfigureAwait(false);
                if (await store.AdvanceAsync(head, next, deltas.All, cancellationToken).ConfigureAwait(false))
                {
                    head = next;
                }
                else if ((await store.QueryAsync<UsageRows.Head>(UsageSumSql.HeadOfKey, new { key = head.Key }, cancellationToken).ConfigureAwait(false)) is [var moved])
                {
                    head = moved;
                }
                else
                {
                    // The tenant was deleted meanwhile.
                    break;
                }
            }
        }

        return true;
    }

    /// <summary>Counts, then reads.</summary>
    public static async Task<UsageSums> ReadAsync(IUsageSumStore store, UsageSumQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var current = await CatchUpAsync(store, query.Tenant, query.Patience, cancellationToken).ConfigureAwait(false);
        var (from, to) = (query.From.UtcTicks / TimeSpan.TicksPerHour, Ceiling(query.To.UtcTicks));
        var found = new SortedDictionary<(string, long, string), UsageSum>(Comparer<(string Tenant, long Hour, string Name)>.Create(Compare));
        foreach (var row in await store.QueryAsync<UsageDelta>(UsageSumSql.Sums(query), new { tenant = query.Tenant, from, to }, cancellationToken).ConfigureAwait(false))
        {
            var sum = View(row);
            var key = (sum.Tenant, row.Hour, row.Name);
            found[key] = found.TryGetValue(key, out var other) ? other.Plus(sum) : sum;
        }

        return new UsageSums([.. found.Values], current);
    }

    /// <summary>The first hour that begins no earlier.</summary>
    public static long Ceiling(long ticks) => (ticks / TimeSpan.TicksPerHour) + (ticks % TimeSpan.TicksPerHour == 0 ? 0 : 1);

    private static async Task<(UsageRows.Head Next, UsageDeltas Deltas)> ReadAsync(IUsageSumStore store, UsageRows.Head head, CancellationToken cancellationToken)
    {
        var deltas = new UsageDeltas(head.Key);
        if (head.Ordinal < head.LastOrdinal)
        {
            var decisions = await store.QueryAsync<UsageRows.Decision>(
                UsageSumSql.Decisions, new { key = head.Key, after = head.Ordinal, through = head.LastOrdinal, limit = Slice }, cancellationToken).ConfigureAwait(false);
            foreach (var decision in decisions)
            {
                deltas.Add(decision);
            }

            return (head with { Ordinal = decisions.Count == Slice ? decisions[^1].Ordinal : head.LastOrdinal }, deltas);
        }

        var events = await store.QueryAsync<UsageRows.Event>(
            UsageSumSql.Events, new { key = head.Key, after = head.Sequence, through = head.LastSequence, limit = Slice }, cancellationToken).ConfigureAwait(false);
        foreach (var happened in events)
        {
            deltas.Add(happened);
        }

        return (head with { Sequence = events.Count == Slice ? events[^1].Sequence : head.LastSequence }, deltas);
    }

    private static int Compare((string Tenant, long Hour, string Name) one, (string Tenant, long Hour, string Name) other) =>
        string.CompareOrdinal(one.Tenant, other.Tenant) is not 0 and var byTenant ? byTenant
        : one.Hour.CompareTo(other.Hour) is not 0 and var byHour ? byHour
        : string.CompareOrdinal(one.Name, other.Name);

    private static UsageSum View(UsageDelta row) => new()
    {
        Tenant = TenantOwner.TenantOf(row.Tenant),
        At = new DateTimeOffset(row.Hour * TimeSpan.TicksPerHour, TimeSpan.Zero),
        Group = row.Name,
        Requests = row.Requests,
        Settled = row.Settled,
        FailedAttempts = row.FailedAttempts,
        InputTokens = row.InputTokens,
        CachedInputTokens = row.CachedTokens,
        OutputTokens = row.OutputTokens,
        SpentUsd = row.SpentUsd,
        WastedUsd = row.WastedUsd,
        Rewards = row.Rewards,

        // What corrections leave of sums of doubles is nothing where no reward is left.
        RewardSum = row.Rewards == 0 ? 0 : row.RewardSum,
        RewardSquares = row.Rewards == 0 ? 0 : row.RewardSquares,
        ExplorationUsd = row.ExplorationUsd,
        Latencies = row.Latencies,
        LatencySeconds = row.LatencySeconds,
    };
}
