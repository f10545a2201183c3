using MetaLlm.Engine.Retention;

namespace MetaLlm.Storage.Codecs;

/// <summary>A row of <see cref="RetentionSql.Old"/>.</summary>
internal sealed class OldDecisionsRow
{
    public required string Tenant { get; init; }

    public long Decisions { get; init; }

    public long FirstAt { get; init; }

    public OldDecisions ToOld() => new(Tenant, Decisions, new DateTimeOffset(FirstAt, TimeSpan.Zero));
}
