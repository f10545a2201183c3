using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Ports;

/// <summary>Which upstream serves a tenant's arms, as the configuration has it now.</summary>
public interface IArmCatalog
{
    /// <summary>The tenant's arms by id; empty for an unknown tenant. The result never changes.</summary>
    /// <param name="tenant">The tenant.</param>
    IReadOnlyDictionary<string, ArmTarget> Targets(string tenant);

    /// <summary>What the tenant's policy sees of a query, as the configuration has it now.</summary>
    /// <param name="tenant">The tenant; an unknown one sees what is seen by default.</param>
    ContextParts Context(string tenant) => ContextParts.All;

    /// <summary>Makes sure that the tenant's owner has been told its configuration, and that its arms are known here. A tenant that is unknown is left to its owner.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EngineUnavailableException">That cannot be done at the moment.</exception>
    ValueTask PrepareAsync(string tenant, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
