namespace MetaLlm.Chaos.Judging;

/// <summary>What a gateway says of a decision.</summary>
/// <param name="Found">Whether it knows it.</param>
/// <param name="Feedback">How many pieces of feedback it counts.</param>
/// <param name="Reward">The reward in force; null without any.</param>
internal readonly record struct StoredDecision(bool Found, int Feedback, double? Reward);
