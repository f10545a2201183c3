using MetaLlm.Core.Cascades;

namespace MetaLlm.Engine.Routing;

/// <summary>Reads the first answer of one call before it leaves, for a tenant with a cascade. One caller at a time.</summary>
public interface IAnswerReader
{
    /// <summary>The request for an upstream that tells probabilities of tokens: it asks for them.</summary>
    /// <param name="body">The client's request, UTF-8 JSON, an object.</param>
    ReadOnlyMemory<byte> Ask(ReadOnlyMemory<byte> body);

    /// <summary>What a whole answer shows; its tokens are filled in by whoever asks.</summary>
    /// <param name="parts">The body, or all events of a stream.</param>
    /// <returns>Null where it cannot be read, so that it leaves.</returns>
    AnswerSignals? Read(IReadOnlyList<ReadOnlyMemory<byte>> parts);

    /// <summary>A part of an answer that leaves, without what the client has not asked for.</summary>
    /// <param name="part">The body, or events.</param>
    ReadOnlyMemory<byte> Release(ReadOnlyMemory<byte> part);
}
