namespace MetaLlm.Engine.Ports;

/// <summary>
/// A retriever has answered with what cannot be used. It counts as failed, and costs what an answer costs; it is not asked again in the same call. The message holds no text of the answer.
/// </summary>
/// <param name="message">What is wrong with the answer.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class UnusableRetrievalException(string message, Exception? inner = null) : Exception(message, inner);
