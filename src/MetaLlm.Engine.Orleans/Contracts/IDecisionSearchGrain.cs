using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>Searches decisions on behalf of callers that have no database. Any silo, any number of them.</summary>
[Alias("metallm.2.decision-search")]
internal interface IDecisionSearchGrain : IGrainWithIntegerKey
{
    /// <summary>See <see cref="IDecisionSearch.SearchAsync"/>.</summary>
    [Alias("search")]
    ValueTask<DecisionSearchPage> SearchAsync(DecisionSearchQuery query, CancellationToken cancellationToken);
}
