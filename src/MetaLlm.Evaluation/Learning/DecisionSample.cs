using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Evaluation.Learning;

/// <summary>The newest decisions of a tenant's policy, with what became of them so far.</summary>
/// <param name="Decisions">In the order of their times; of a tenant with several owners as many of each.</param>
/// <param name="IsWhole">Whether the journal holds no earlier ones.</param>
public sealed record DecisionSample(IReadOnlyList<StoredDecision> Decisions, bool IsWhole)
{
    /// <summary>Decisions that a page looks at, unless something else is asked for.</summary>
    public const int Usual = 3000;

    private const int Page = 500;

    /// <summary>Reads the newest decisions by their position in the journal, a page at a time.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="most">How many at most, at least 1.</param>
    /// <param name="cancellationToken">Cancels between pages.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is less than 1.</exception>
    /// <exception cref="EngineUnavailableException">The journal cannot be read at the moment.</exception>
    public static async Task<DecisionSample> ReadNewestAsync(ITenantJournal journal, string tenant, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var heads = await journal.ReadHeadsAsync([.. Enumerable.Range(1, TenantOwner.Most).Select(number => TenantOwner.Name(tenant, number))], cancellationToken).ConfigureAwait(false);
        var found = new List<StoredDecision>();
        var (whole, share) = (true, Math.Max(1, most / Math.Max(1, heads.Count)));
        foreach (var head in heads)
        {
            var after = Math.Max(0, head.LastOrdinal - share);
            whole &= after == 0;
            while (after < head.LastOrdinal
                && await journal.ReadDecisionsAsync(head.Tenant, after, (int)Math.Min(Page, head.LastOrdinal - after), cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
            {
                after = page[^1].Ordinal;
                found.AddRange(await journal.FindDecisionsAsync(head.Tenant, [.. page.Where(one => one.IsOfPolicy).Select(one => one.DecisionId)], cancellationToken).ConfigureAwait(false));
            }
        }

        return new DecisionSample([.. found.OrderBy(one => one.Decision.At).ThenBy(one => one.Decision.Ordinal)], whole);
    }
}
