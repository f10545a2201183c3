using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Evaluation.Challenging;

/// <summary>Reads a journal for a trial, from where the trial has come to, with bounded work.</summary>
internal static class TrialWalk
{
    private const int Page = 500;
    private const int EventsToADecision = 20;

    /// <summary>Reads on.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="trial">The trial.</param>
    /// <param name="most">Most decisions to read.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the reading between decisions; the trial then goes on from there.</param>
    /// <returns>Decisions of the journal that are left to read; null where the journal is another one than that of the trial.</returns>
    public static async Task<long?> ReadAsync(ITenantJournal journal, string tenant, ChallengerTrial trial, int most, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A decision that is written after the head was read has its feedback after the head, so that no policy can have seen it before it is asked.
        var heads = await journal.ReadHeadsAsync([tenant], cancellationToken).ConfigureAwait(false);
        var head = heads.Count > 0 ? heads[0] : default;
        if (head.LastOrdinal < trial.Ordinal || head.LastSequence < trial.Sequence)
        {
            return null;
        }

        var events = new EventReader(journal, tenant, trial);
        for (var left = most; left > 0 && trial.Ordinal < head.LastOrdinal;)
        {
            var decisions = await journal.ReadDecisionsAsync(tenant, trial.Ordinal, Math.Min(Page, left), cancellationToken).ConfigureAwait(false);
            foreach (var decision in decisions.TakeWhile(decision => decision.Ordinal <= head.LastOrdinal))
            {
                await events.ApplyAsync(decision.AppliedSequence, int.MaxValue, cancellationToken).ConfigureAwait(false);
                trial.Take(decision);
            }

            left -= decisions.Count;
            if (decisions.Count == 0)
            {
                break;
            }
        }

        if (trial.Ordinal >= head.LastOrdinal && await events.ApplyAsync(head.LastSequence, most * EventsToADecision, cancellationToken).ConfigureAwait(false))
        {
            trial.CatchUp(now);
        }

        return head.LastOrdinal - trial.Ordinal;
    }

    /// <summary>Events a page at a time; what was read and not shown to the trial is read again by the next look.</summary>
    private sealed class EventReader(ITenantJournal journal, string tenant, ChallengerTrial trial)
    {
        private IReadOnlyList<TenantEvent> _page = [];
        private int _next;

        /// <returns>Whether all of them were applied.</returns>
        public async Task<bool> ApplyAsync(long through, int most, CancellationToken cancellationToken)
        {
            for (var applied = 0; trial.Sequence < through; applied++)
            {
                if (_next == _page.Count)
                {
                    (_page, _next) = (await journal.ReadEventsAsync(tenant, trial.Sequence, Page, cancellationToken).ConfigureAwait(false), 0);
                }

                if (applied == most)
                {
                    return false;
                }

                if (_next == _page.Count || _page[_next].Sequence > through)
                {
                    return true;
                }

                cancellationToken.ThrowIfCancellationRequested();
                trial.Apply(_page[_next++]);
            }

            return true;
        }
    }
}
