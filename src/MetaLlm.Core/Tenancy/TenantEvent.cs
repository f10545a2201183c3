namespace MetaLlm.Core.Tenancy;

/// <summary>Something that happened to a tenant after or beside its decisions; the state is a fold over these and the decisions.</summary>
[GenerateSerializer, Immutable, Alias("metallm.event")]
public abstract record TenantEvent
{
    /// <summary>Gap-free number within the tenant, from 1; given by the journal.</summary>
    [Id(0)]
    public required long Sequence { get; init; }

    /// <summary>When it was recorded.</summary>
    [Id(1)]
    public required DateTimeOffset At { get; init; }
}
