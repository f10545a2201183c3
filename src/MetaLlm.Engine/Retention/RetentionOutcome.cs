namespace MetaLlm.Engine.Retention;

/// <summary>What a look has let go.</summary>
/// <param name="Decisions">Decisions.</param>
/// <param name="Changes">Records of the audit.</param>
[GenerateSerializer, Immutable, Alias("metallm.retention-outcome")]
public sealed record RetentionOutcome([property: Id(0)] long Decisions, [property: Id(1)] long Changes);
