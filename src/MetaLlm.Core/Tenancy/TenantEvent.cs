namespace MetaLlm.Core.Tenancy;

/// <summary>Something that happened to a tenant after or beside its decisions; the state is a fold over these and the decisions.</summary>
public abstract record TenantEvent
{
    /// <summary>Gap-free number within the tenant, from 1; given by the journal.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was recorded.</summary>
    public required DateTimeOffset At { get; init; }
}
