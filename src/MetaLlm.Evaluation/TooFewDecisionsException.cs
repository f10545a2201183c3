namespace MetaLlm.Evaluation;

/// <summary>A log has too few decisions that can be used for a policy; the message says how many there are, and why the others cannot be used.</summary>
/// <param name="message">What is missing.</param>
public sealed class TooFewDecisionsException(string message) : Exception(message);
