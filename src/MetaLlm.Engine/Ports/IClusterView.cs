using MetaLlm.Engine.Cluster;

namespace MetaLlm.Engine.Ports;

/// <summary>Shows the cluster to people.</summary>
public interface IClusterView
{
    /// <summary>Asks which nodes there are and what they hold.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The nodes in the order of their names.</returns>
    /// <exception cref="EngineUnavailableException">The cluster cannot be asked at the moment.</exception>
    ValueTask<IReadOnlyList<ClusterNode>> ReadAsync(CancellationToken cancellationToken);
}
