namespace MetaLlm.Core.Tenancy;

/// <summary>What was predicted of a query without deciding it.</summary>
/// <param name="InputTokens">Prompt tokens, estimated.</param>
/// <param name="Arms">Every arm as it looked, in the order of the configuration. Of arms that are excluded before anything is predicted, the predictions are 0.</param>
[GenerateSerializer, Immutable, Alias("metallm.query-assessment")]
public sealed record QueryAssessment([property: Id(0)] double InputTokens, [property: Id(1)] IReadOnlyList<ArmAssessment> Arms);
