using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>The silo's search for processes that have no store. It keeps nothing itself, so that calls may interleave.</summary>
[GrainType("metallm.decision-search")]
[StatelessWorker, Reentrant]
internal sealed class DecisionSearchGrain(IServiceProvider services) : Grain, IDecisionSearchGrain
{
    /// <inheritdoc/>
    public ValueTask<DecisionSearchPage> SearchAsync(DecisionSearchQuery query, CancellationToken cancellationToken) =>
        (services.GetService<IDecisionSearch>() ?? throw new EngineUnavailableException("The silo's store searches no decisions.")).SearchAsync(query, cancellationToken);
}
