namespace MetaLlm.Engine.Ports;

/// <summary>Which upstream serves a tenant's arms, as the configuration has it now.</summary>
public interface IArmCatalog
{
    /// <summary>The tenant's arms by id; empty for an unknown tenant. The result never changes.</summary>
    /// <param name="tenant">The tenant.</param>
    IReadOnlyDictionary<string, ArmTarget> Targets(string tenant);
}
