namespace MetaLlm.Chaos.Judging;

/// <summary>What a client was told of a decision.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Feedback">How many pieces of feedback on it were acknowledged.</param>
/// <param name="Reward">The last of them; null without any.</param>
internal sealed record PromisedDecision(string Id, int Feedback, double? Reward);
