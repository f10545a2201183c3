using BitFaster.Caching;
using BitFaster.Caching.Lru;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.WebConsole.Pages.Now;

/// <summary>
/// What a tenant does now. However many people look, the journal is asked every few seconds and the tenant's owner, whose other calls wait meanwhile, a few times a minute.
/// </summary>
internal sealed class NowFeed(ITenantEngine engine, TimeProvider time, IDecisionSearch? search = null)
{
    /// <summary>The time that is looked back on.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(15);

    /// <summary>Most decisions of it that are read.</summary>
    public const int Most = 5_000;

    private const int Tenants = 200;
    private static readonly TimeSpan ForDecisions = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ForReports = TimeSpan.FromSeconds(15);

    private readonly IAsyncCache<string, RecentDecisions> _decisions = new ConcurrentLruBuilder<string, RecentDecisions>().WithCapacity(Tenants).WithExpireAfterWrite(ForDecisions).AsAsyncCache().WithAtomicGetOrAdd().Build();
    private readonly IAsyncCache<string, TenantReport> _reports = new ConcurrentLruBuilder<string, TenantReport>().WithCapacity(Tenants).WithExpireAfterWrite(ForReports).AsAsyncCache().WithAtomicGetOrAdd().Build();

    /// <summary>What its policy has learned and spent, a few seconds ago.</summary>
    public ValueTask<TenantReport> ReportAsync(string tenant) => _reports.GetOrAddAsync(tenant, static async (id, source) => await source.DescribeAsync(id, CancellationToken.None).ConfigureAwait(false), engine);

    /// <summary>Its last decisions; null where the store cannot be searched.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="owners">How many owners it has.</param>
    public async ValueTask<RecentDecisions?> DecisionsAsync(string tenant, int owners) => search is null
        ? null
        : await _decisions.GetOrAddAsync(tenant, static async (id, feed) => await ReadAsync(feed.Search, feed.Time, id, feed.Owners).ConfigureAwait(false), (Search: search, Time: time, Owners: owners)).ConfigureAwait(false);

    private static async Task<RecentDecisions> ReadAsync(IDecisionSearch search, TimeProvider time, string tenant, int owners)
    {
        var now = time.GetUtcNow();
        var found = new List<DecisionSummary>();
        var all = true;
        for (var number = 1; number <= owners; number++)
        {
            var page = await search.SearchAsync(
                new DecisionSearchQuery { Owner = TenantOwner.Name(tenant, number), From = now - Span, Limit = Most, LookAt = Most, WithTasks = false }, CancellationToken.None).ConfigureAwait(false);
            found.AddRange(page.Decisions);
            all &= page.Next is null;
        }

        return new RecentDecisions(now, found, all);
    }
}
