using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit.Engines;

/// <summary>Folds a tenant's whole journal in the plainest way, to compare engines with.</summary>
public static class JournalOracle
{
    /// <summary>The state that the journal describes.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="model">The embedding model.</param>
    public static async Task<TenantState> FoldAsync(ITenantJournal journal, string tenant, EmbeddingModelInfo model)
    {
        var state = TenantState.Create(tenant, model.Id, model.Reduction);
        foreach (var entry in await EntriesAsync(journal, tenant))
        {
            switch (entry)
            {
                case DecisionRecord decision:
                    state.Apply(decision);
                    break;
                case ConfiguredEvent { Relearns: true } relearns:
                    await RelearnAsync(journal, tenant, state, relearns);
                    break;
                case TookInEvent tookIn:
                    await TakeInAsync(journal, tenant, state, tookIn);
                    state.Apply(tookIn);
                    break;
                case var recorded:
                    state.Apply((TenantEvent)recorded);
                    break;
            }
        }

        return state;
    }

    private static async Task TakeInAsync(ITenantJournal journal, string owner, TenantState state, TookInEvent tookIn)
    {
        foreach (var through in tookIn.Positions)
        {
            var from = state.Taken.Single(one => one.Owner == through.Owner);
            foreach (var entry in await EntriesAsync(journal, TenantOwner.Name(TenantOwner.TenantOf(owner), through.Owner), from, through))
            {
                switch (entry)
                {
                    case DecisionRecord decision:
                        state.TakeIn(through.Owner, decision);
                        break;
                    case var recorded:
                        state.TakeIn(through.Owner, (TenantEvent)recorded);
                        break;
                }
            }
        }
    }

    /// <summary>Applies an event that relearns to a state that holds all before it.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="state">The state.</param>
    /// <param name="relearns">The event.</param>
    public static async Task RelearnAsync(ITenantJournal journal, string tenant, TenantState state, ConfiguredEvent relearns)
    {
        ArgumentNullException.ThrowIfNull(state);
        var last = state.DecisionOrdinal;
        state.BeginRelearning(relearns);
        foreach (var entry in await EntriesAsync(journal, tenant))
        {
            switch (entry)
            {
                case DecisionRecord decision when decision.Ordinal <= last:
                    state.Relearn(decision);
                    break;
                case TenantEvent recorded when recorded.Sequence < relearns.Sequence:
                    state.Relearn(recorded);
                    break;
            }
        }

        state.EndRelearning(relearns);
    }

    private static async Task<List<object>> EntriesAsync(ITenantJournal journal, string tenant, TakenPosition from = default, TakenPosition? through = null)
    {
        var (entries, next) = (new List<object>(), 0);
        var (decisions, events) = (await journal.ReadDecisionsAsync(tenant, from.Ordinal, 1_000_000, default), await journal.ReadEventsAsync(tenant, from.Sequence, 1_000_000, default));
        if (through is { } end)
        {
            (decisions, events) = ([.. decisions.Where(decision => decision.Ordinal <= end.Ordinal)], [.. events.Where(recorded => recorded.Sequence <= end.Sequence)]);
        }

        foreach (var decision in decisions)
        {
            for (; next < events.Count && events[next].Sequence <= decision.AppliedSequence; next++)
            {
                entries.Add(events[next]);
            }

            entries.Add(decision);
        }

        return [.. entries, .. events.Skip(next)];
    }

    /// <summary>The hash of that state.</summary>
    /// <param name="fixture">The engine's store.</param>
    /// <param name="tenant">The tenant.</param>
    public static async Task<string> HashAsync(IEngineFixture fixture, string tenant)
    {
        ArgumentNullException.ThrowIfNull(fixture);
        return (await FoldAsync(fixture.Journal, tenant, fixture.Model)).Report().StateHash;
    }
}
