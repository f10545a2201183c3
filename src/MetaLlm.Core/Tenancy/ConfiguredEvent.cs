namespace MetaLlm.Core.Tenancy;

/// <summary>The tenant's configuration was set or replaced; always the tenant's first event.</summary>
public sealed record ConfiguredEvent : TenantEvent
{
    /// <summary>The configuration from now on.</summary>
    public required TenantConfiguration Configuration { get; init; }

    /// <summary>
    /// Whether the policy is made anew under this configuration from all that the journal holds before this event: <see cref="TenantState.BeginRelearning"/>.
    /// </summary>
    public bool Relearns { get; init; }
}
