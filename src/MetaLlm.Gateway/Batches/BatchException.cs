namespace MetaLlm.Gateway.Batches;

/// <summary>What keeps a batch from being run, or from going on, for people.</summary>
/// <param name="message">A sentence: what is wrong, and what is legal.</param>
/// <param name="isOfGateway">Whether the gateway refuses the batch, rather than that options or files cannot be used.</param>
internal sealed class BatchException(string message, bool isOfGateway = false) : Exception(message)
{
    /// <summary>Whether the gateway refuses the batch.</summary>
    public bool IsOfGateway => isOfGateway;
}
