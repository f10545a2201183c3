namespace MetaLlm.Core.Tenancy;

/// <summary>The tenant's configuration was set or replaced; always the tenant's first event.</summary>
public sealed record ConfiguredEvent : TenantEvent
{
    /// <summary>The configuration from now on.</summary>
    public required TenantConfiguration Configuration { get; init; }
}
