namespace MetaLlm.Engine.Retention;

/// <summary>What would go at the next look, and by which settings.</summary>
[GenerateSerializer, Immutable, Alias("metallm.retention-plan")]
public sealed record RetentionPlan
{
    /// <summary>Days after which decisions go; null where they stay.</summary>
    [Id(0)]
    public int? Days { get; init; }

    /// <summary>Days after which records of the audit go; null where they stay.</summary>
    [Id(1)]
    public int? AuditDays { get; init; }

    /// <summary>Whether decisions are archived before they go.</summary>
    [Id(2)]
    public bool Archives { get; init; }

    /// <summary>Tenants with decisions that are old enough, by name, at most as many as were asked for.</summary>
    [Id(3)]
    public IReadOnlyList<OldDecisions> Tenants { get; init; } = [];
}
