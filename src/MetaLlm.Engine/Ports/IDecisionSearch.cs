using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Ports;

/// <summary>Looks through a tenant's journal for decisions, newest first, for people who ask what happened.</summary>
public interface IDecisionSearch
{
    /// <summary>Finds decisions.</summary>
    /// <param name="query">Which, and how many decisions to look at.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <returns>The decisions, and where to go on; nothing of an owner that is unknown.</returns>
    /// <exception cref="EngineUnavailableException">The store cannot be read at the moment.</exception>
    ValueTask<DecisionSearchPage> SearchAsync(DecisionSearchQuery query, CancellationToken cancellationToken);
}
