namespace MetaLlm.FunctionalTests.Money;

/// <summary>A flood against a cap of its own.</summary>
/// <param name="Kind">How its clients call.</param>
/// <param name="Round">Which of the floods of that kind, from 1.</param>
internal readonly record struct Flood(FloodKind Kind, int Round);
