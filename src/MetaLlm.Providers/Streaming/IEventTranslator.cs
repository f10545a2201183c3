using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Streaming;

/// <summary>Reads the events of one answer and writes them as the client gets them. Not safe for concurrent use.</summary>
internal interface IEventTranslator
{
    /// <summary>Whether the client has something of the answer, so that whatever fails now breaks it off.</summary>
    bool HasBegun { get; set; }

    /// <summary>What the upstream has counted so far.</summary>
    TokenUsage? Usage { get; }

    /// <summary>Reads one event.</summary>
    /// <param name="bytes">The event with its line ends.</param>
    /// <returns>What it is; its bytes are valid until the next call, and no longer than those that were given.</returns>
    /// <exception cref="ChatProviderException">It reports an error, or is not what the protocol says.</exception>
    StreamedPart Read(ReadOnlyMemory<byte> bytes);

    /// <summary>The end of a stream without its closing mark. Some servers end a complete answer so; clients wait for the mark.</summary>
    /// <exception cref="ChatProviderException">The answer is not complete.</exception>
    StreamedPart Close();

    /// <summary>A failure that leaves another arm the chance to answer, or one that breaks off what has begun.</summary>
    ChatProviderException Failure(string message, Exception? inner = null);
}
