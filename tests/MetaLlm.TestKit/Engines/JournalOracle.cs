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
        var events = await journal.ReadEventsAsync(tenant, 0, 1_000_000, default);
        foreach (var decision in await journal.ReadDecisionsAsync(tenant, 0, 1_000_000, default))
        {
            foreach (var recorded in events.Where(e => e.Sequence > state.AppliedSequence && e.Sequence <= decision.AppliedSequence).ToList())
            {
                state.Apply(recorded);
            }

            state.Apply(decision);
        }

        foreach (var recorded in events.Where(e => e.Sequence > state.AppliedSequence).ToList())
        {
            state.Apply(recorded);
        }

        return state;
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
