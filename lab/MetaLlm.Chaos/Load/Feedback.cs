namespace MetaLlm.Chaos.Load;

/// <summary>What a client says about an answer.</summary>
/// <param name="Decision">The answer's decision.</param>
/// <param name="Key">Idempotency key: the same for every repetition.</param>
/// <param name="Reward">How good it was, 0 to 1.</param>
internal sealed record Feedback(string Decision, string Key, double Reward);
