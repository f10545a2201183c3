using MetaLlm.Engine.Usage;

namespace MetaLlm.Engine.Ports;

/// <summary>Adds up what the journal says of decisions.</summary>
public interface IUsageReports
{
    /// <summary>Reads a report.</summary>
    /// <param name="query">Which decisions, and by what.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>One row for each group that has a decision, in the order of their names, compared by their bytes.</returns>
    /// <exception cref="EngineUnavailableException">The store cannot be read at the moment.</exception>
    ValueTask<IReadOnlyList<UsageRow>> ReadUsageAsync(UsageQuery query, CancellationToken cancellationToken);
}
