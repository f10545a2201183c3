namespace MetaLlm.Gateway.Batches;

/// <summary>Brings the requests of a batch to a gateway: over HTTP, or in this process.</summary>
internal interface IBatchTransport
{
    /// <summary>The gateway, for people.</summary>
    string Name { get; }

    /// <summary>Sends a request.</summary>
    /// <param name="path">Its path, such as <c>/v1/chat/completions</c>.</param>
    /// <param name="body">JSON; null to read.</param>
    /// <param name="key">Its idempotency key; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What came of it, whatever that is.</returns>
    Task<BatchReply> SendAsync(string path, byte[]? body, string? key, CancellationToken cancellationToken);
}
