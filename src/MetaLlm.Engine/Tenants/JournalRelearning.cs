using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Tenants;

/// <summary>Applies an event that rebuilds a policy: shows it all that the journal holds before the event, in the order of the fold. What was dropped from the journal is not shown.</summary>
/// <param name="journal">The journal; every decision that the state holds is durable.</param>
/// <param name="tenant">The tenant.</param>
/// <param name="pageSize">Decisions or events to read at once.</param>
internal sealed class JournalRelearning(ITenantJournal journal, string tenant, int pageSize)
{
    private IReadOnlyList<TenantEvent> _events = [];
    private int _nextEvent;
    private long _sequence;

    /// <summary>Applies the event.</summary>
    /// <param name="state">The state, to which everything before the event has been applied. It is of no use when this throws.</param>
    /// <param name="relearns">The event.</param>
    /// <param name="cancellationToken">Cancels between pages.</param>
    public async ValueTask ApplyAsync(TenantState state, ConfiguredEvent relearns, CancellationToken cancellationToken)
    {
        var last = state.DecisionOrdinal;
        state.BeginRelearning(relearns);
        for (var ordinal = 0L; ordinal < last;)
        {
            var page = await journal.ReadDecisionsAsync(tenant, ordinal, pageSize, cancellationToken).ConfigureAwait(false);
            if (page.Count == 0)
            {
                throw new InvalidDataException($"The journal of tenant '{tenant}' is damaged: decision {ordinal + 1} is missing.");
            }

            foreach (var decision in page.TakeWhile(decision => decision.Ordinal <= last))
            {
                await ShowEventsAsync(state, decision.AppliedSequence, cancellationToken).ConfigureAwait(false);
                state.Relearn(decision);
            }

            ordinal = page[^1].Ordinal;
        }

        await ShowEventsAsync(state, relearns.Sequence - 1, cancellationToken).ConfigureAwait(false);
        state.EndRelearning(relearns);
    }

    private async ValueTask ShowEventsAsync(TenantState state, long upTo, CancellationToken cancellationToken)
    {
        while (_sequence < upTo)
        {
            if (_nextEvent == _events.Count)
            {
                _events = await journal.ReadEventsAsync(tenant, _sequence, pageSize, cancellationToken).ConfigureAwait(false);
                _nextEvent = 0;
            }

            if (_events.Count == 0 || _events[_nextEvent].Sequence > upTo)
            {
                return;
            }

            var next = _events[_nextEvent++];
            state.Relearn(next);
            _sequence = next.Sequence;
        }
    }
}
