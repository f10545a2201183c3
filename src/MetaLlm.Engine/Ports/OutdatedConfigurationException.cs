namespace MetaLlm.Engine.Ports;

/// <summary>A configuration was refused because a newer one of the tenant is in force.</summary>
/// <param name="tenant">The tenant.</param>
/// <param name="version">Version of the one that was refused.</param>
/// <param name="inForce">Version of the one in force.</param>
[GenerateSerializer, Immutable, Alias("metallm.outdated-configuration")]
public sealed class OutdatedConfigurationException(string tenant, long version, long inForce)
    : Exception($"Tenant '{tenant}' keeps its configuration: version {inForce} is in force, and version {version} is older.")
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public string Tenant { get; } = tenant;

    /// <summary>Version of the one in force.</summary>
    [Id(1)]
    public long InForce { get; } = inForce;
}
