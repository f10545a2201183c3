using System.Buffers;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces;

/// <summary>Translates one chat completion, whole or streamed, into what the client gets. One request at a time.</summary>
internal interface IAnswerTranslator : IDisposable
{
    /// <summary>What a stream gets while nothing else is sent: a comment or an event, ended by a blank line.</summary>
    ReadOnlyMemory<byte> KeepAlive { get; }

    /// <summary>Translates a plain answer.</summary>
    /// <param name="call">The call that it is the answer to.</param>
    /// <param name="chat">The chat completion.</param>
    /// <param name="output">Receives a JSON object.</param>
    /// <exception cref="Engine.Ports.ChatProviderException">It holds what the surface has no form for.</exception>
    void Whole(RoutedCall call, ReadOnlyMemory<byte> chat, IBufferWriter<byte> output);

    /// <summary>Translates a piece of a streamed answer: one event or several.</summary>
    /// <param name="call">The call that it is the answer to.</param>
    /// <param name="chat">Server-sent events with chat completion chunks; comments may stand between them.</param>
    /// <param name="output">Receives events; nothing where the piece says nothing to the client.</param>
    /// <exception cref="Engine.Ports.ChatProviderException">It holds what the surface has no form for.</exception>
    void Part(RoutedCall call, ReadOnlyMemory<byte> chat, IBufferWriter<byte> output);

    /// <summary>Keeps what the surface keeps of answers. Called each time that something was translated, before it is sent.</summary>
    ValueTask KeepAsync(CancellationToken cancellationToken);

    /// <summary>Tells of an error in a stream that has begun. After it the stream ends in good order.</summary>
    /// <param name="error">The error.</param>
    /// <param name="output">Receives events.</param>
    void Error(ApiError error, IBufferWriter<byte> output);
}
