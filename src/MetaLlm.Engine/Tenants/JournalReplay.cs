using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Tenants;

/// <summary>Folds a tenant's journal into a state: before each decision the events it builds on, then the decision, at last the rest.</summary>
/// <param name="journal">The journal.</param>
/// <param name="tenant">The tenant.</param>
/// <param name="pageSize">Decisions or events to read at once.</param>
/// <param name="progress">Is told of every fold.</param>
internal sealed class JournalReplay(ITenantJournal journal, string tenant, int pageSize, RebuildProgress progress)
{
    private IReadOnlyList<TenantEvent> _events = [];
    private int _nextEvent;

    /// <summary>Whether the state is one: an event whose fold was broken off has left half of one.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Folds all that comes after what the state holds already.</summary>
    /// <returns>
    /// How much was folded, or null when the state is ahead of a decision: it holds events that the next decision was made without.
    /// Then it is not the state that the journal describes, and only a replay from the beginning gives that.
    /// </returns>
    public async ValueTask<int?> FoldAsync(TenantState state, CancellationToken cancellationToken)
    {
        var folded = 0;
        var missing = false;
        while (true)
        {
            var decisions = await journal.ReadDecisionsAsync(tenant, state.DecisionOrdinal, pageSize, cancellationToken).ConfigureAwait(false);
            foreach (var decision in decisions)
            {
                if (decision.Ordinal != state.DecisionOrdinal + 1)
                {
                    throw new InvalidDataException(
                        $"The journal of tenant '{tenant}' is damaged: decision {decision.Ordinal} follows decision {state.DecisionOrdinal}.");
                }

                while (state.AppliedSequence < decision.AppliedSequence)
                {
                    var next = await PeekAsync(state, cancellationToken).ConfigureAwait(false)
                        ?? throw new InvalidDataException(
                            $"The journal of tenant '{tenant}' is damaged: decision {decision.Ordinal} builds on event {decision.AppliedSequence}, "
                            + $"the last event is {state.AppliedSequence}.");
                    await ApplyAsync(state, next, cancellationToken).ConfigureAwait(false);
                    folded++;
                }

                if (state.AppliedSequence > decision.AppliedSequence)
                {
                    return null;
                }

                IsWhole = false;
                state.Apply(decision);
                await FoldedAsync(state, cancellationToken).ConfigureAwait(false);
                folded++;
            }

            if (decisions.Count > 0)
            {
                missing = false;
                continue;
            }

            while (await PeekAsync(state, cancellationToken).ConfigureAwait(false) is { } next && next.DecisionOrdinal() <= state.DecisionOrdinal)
            {
                await ApplyAsync(state, next, cancellationToken).ConfigureAwait(false);
                folded++;
            }

            if (_nextEvent == _events.Count)
            {
                return folded;
            }

            // The next event is about a decision that another owner made after the decisions were read: it comes first, and is read now.
            if (missing)
            {
                throw new InvalidDataException(
                    $"The journal of tenant '{tenant}' is damaged: the event after {state.AppliedSequence} is about a decision after "
                    + $"{state.DecisionOrdinal}, which is missing.");
            }

            missing = true;
        }
    }

    private ValueTask FoldedAsync(TenantState state, CancellationToken cancellationToken, int folds = 1)
    {
        IsWhole = true;
        cancellationToken.ThrowIfCancellationRequested();
        return progress.FoldedAsync(state, folds);
    }

    private async ValueTask ApplyAsync(TenantState state, TenantEvent next, CancellationToken cancellationToken)
    {
        var news = next is TookInEvent tookIn
            ? await new OwnerExchange(journal, tenant, pageSize).ReadAsync(state.Taken, tookIn.Positions, cancellationToken).ConfigureAwait(false)
            : [];
        IsWhole = false;
        foreach (var owner in news)
        {
            owner.TakeIn(state);
        }

        if (next is ConfiguredEvent { Relearns: true } relearns)
        {
            await new JournalRelearning(journal, tenant, pageSize).ApplyAsync(state, relearns, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            state.Apply(next);
        }

        await FoldedAsync(state, cancellationToken, 1 + news.Sum(owner => owner.Count)).ConfigureAwait(false);
    }

    /// <summary>The event after the last one that the state holds, or null.</summary>
    private async ValueTask<TenantEvent?> PeekAsync(TenantState state, CancellationToken cancellationToken)
    {
        if (_nextEvent < _events.Count && _events[_nextEvent].Sequence <= state.AppliedSequence)
        {
            _nextEvent++;
        }

        if (_nextEvent == _events.Count)
        {
            _events = await journal.ReadEventsAsync(tenant, state.AppliedSequence, pageSize, cancellationToken).ConfigureAwait(false);
            _nextEvent = 0;
        }

        if (_events.Count == 0)
        {
            return null;
        }

        var next = _events[_nextEvent];
        return next.Sequence == state.AppliedSequence + 1
            ? next
            : throw new InvalidDataException(
                $"The journal of tenant '{tenant}' is damaged: event {next.Sequence} follows event {state.AppliedSequence}.");
    }
}
