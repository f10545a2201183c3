using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>Searches the journal of a cluster whose silos have the database.</summary>
/// <param name="grains">The cluster.</param>
internal sealed class GrainDecisionSearch(IGrainFactory grains) : IDecisionSearch
{
    /// <inheritdoc/>
    public ValueTask<DecisionSearchPage> SearchAsync(DecisionSearchQuery query, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(StoreGrains.Find<IDecisionSearchGrain>(grains, "decisions to search").SearchAsync(query, cancellationToken));
}
