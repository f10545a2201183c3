namespace MetaLlm.Engine.Ports;

/// <summary>No configuration was ever recorded for the tenant.</summary>
/// <param name="tenant">The tenant.</param>
[GenerateSerializer, Immutable, Alias("metallm.unknown-tenant")]
public sealed class UnknownTenantException(string tenant)
    : Exception($"Tenant '{tenant}' is not configured.")
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public string Tenant { get; } = tenant;
}
