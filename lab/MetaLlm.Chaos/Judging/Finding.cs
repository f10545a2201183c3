namespace MetaLlm.Chaos.Judging;

/// <summary>A promise that was broken.</summary>
/// <param name="Kind">Which.</param>
/// <param name="What">What was seen, in a sentence.</param>
internal sealed record Finding(FindingKind Kind, string What);
