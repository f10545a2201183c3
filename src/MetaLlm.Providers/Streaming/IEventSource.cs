using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Streaming;

/// <summary>A streamed answer as server-sent events of the chat completion format. One reader at a time.</summary>
internal interface IEventSource : IAsyncDisposable
{
    /// <summary>Reads the next event with the blank line that ends it.</summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The bytes, valid until the next call; a last event may lack its blank line; null at the end of the stream.</returns>
    /// <exception cref="ChatProviderException">The stream is not what the protocol says.</exception>
    ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken);
}
