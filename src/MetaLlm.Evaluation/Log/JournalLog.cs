using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Evaluation.Log;

/// <summary>Reads a journal from its beginning to its end, a page at a time.</summary>
public static class JournalLog
{
    private const int Page = 2000;

    /// <summary>Reads all decisions and events of one owner of a tenant that the journal still holds.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="tenant">The tenant, or one of its owners.</param>
    /// <param name="cancellationToken">Cancels between pages.</param>
    /// <returns>Both in order; empty for an unknown tenant.</returns>
    /// <exception cref="EngineUnavailableException">The journal cannot be read at the moment.</exception>
    public static async Task<(IReadOnlyList<DecisionRecord> Decisions, IReadOnlyList<TenantEvent> Events)> ReadAsync(ITenantJournal journal, string tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var decisions = new List<DecisionRecord>();
        while (await journal.ReadDecisionsAsync(tenant, decisions.Count > 0 ? decisions[^1].Ordinal : 0, Page, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            decisions.AddRange(page);
        }

        var events = new List<TenantEvent>();
        while (await journal.ReadEventsAsync(tenant, events.Count > 0 ? events[^1].Sequence : 0, Page, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            events.AddRange(page);
        }

        return (decisions, events);
    }
}
