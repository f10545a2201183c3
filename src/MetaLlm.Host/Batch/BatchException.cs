namespace MetaLlm.Host.Batch;

/// <summary>What keeps a batch from being run, or from going on, for people.</summary>
/// <param name="message">A sentence: what is wrong, and what is legal.</param>
internal sealed class BatchException(string message) : Exception(message);
