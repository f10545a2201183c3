namespace MetaLlm.Evaluation.Challenging;

/// <summary>What a client first said of an answer.</summary>
/// <param name="Reward">The reward, 0 to 1.</param>
/// <param name="Rerouted">Whether another arm than the chosen one had answered.</param>
internal readonly record struct FirstFeedback(double Reward, bool Rerouted);
