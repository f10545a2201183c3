using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

/// <summary>The client's request as it came.</summary>
/// <param name="Body">UTF-8 JSON, an object.</param>
/// <param name="Stream">Whether the client wants server-sent events.</param>
public sealed record ChatPayload(ReadOnlyMemory<byte> Body, bool Stream)
{
    /// <summary>Hash of what the call shares with others whose prompts begin alike, such as the conversation or the end user; 0 for nothing. Such calls prefer the same deployment of an arm.</summary>
    public ulong Affinity { get; init; }

    /// <summary>The client's id of its request, for logs and spans; null for none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The same request in the format that it was written in, for arms whose upstreams speak it; null where that is chat.</summary>
    public NativeRequest? Native { get; init; }

    /// <summary>Looks at a text that was retrieved for the request before a model gets it, and gives it back, or another in its place. What it throws means that the text is not to be used. Null where nobody looks.</summary>
    public Func<string, CancellationToken, ValueTask<string>>? Screen { get; init; }

    /// <summary>Reads the first answer before it leaves; null where answers just leave.</summary>
    public IAnswerReader? Reader { get; init; }

    /// <summary>What it asks for.</summary>
    public CallKind Kind { get; init; }
}
