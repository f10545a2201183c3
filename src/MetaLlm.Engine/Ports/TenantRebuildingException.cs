namespace MetaLlm.Engine.Ports;

/// <summary>The state of a tenant is being rebuilt from its journal, which takes longer than a call may wait. It goes on whoever gives up.</summary>
/// <param name="tenant">The tenant.</param>
[GenerateSerializer, Immutable, Alias("metallm.tenant-rebuilding")]
public sealed class TenantRebuildingException(string tenant)
    : EngineUnavailableException($"The state of tenant '{tenant}' is being rebuilt from its journal.")
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public string Tenant { get; } = tenant;
}
