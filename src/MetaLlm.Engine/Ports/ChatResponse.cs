namespace MetaLlm.Engine.Ports;

/// <summary>An answer that has begun.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="contentType">Media type of the body.</param>
/// <param name="headers">Headers to hand on to the client.</param>
/// <param name="parts">The body; read once. Reading throws <see cref="ChatProviderException"/> when the upstream breaks off.</param>
/// <param name="owner">Released with the answer; null for nothing.</param>
public sealed class ChatResponse(
    int status,
    string contentType,
    IReadOnlyList<KeyValuePair<string, string>> headers,
    IAsyncEnumerable<ChatPart> parts,
    IAsyncDisposable? owner) : IAsyncDisposable
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Media type of the body.</summary>
    public string ContentType { get; } = contentType;

    /// <summary>Headers to hand on to the client.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; } = headers;

    /// <summary>Whether the body is in the format of <see cref="ChatCall.Native"/> rather than a chat completion.</summary>
    public bool IsNative { get; init; }

    /// <summary>The body; read once.</summary>
    public IAsyncEnumerable<ChatPart> Parts { get; } = parts;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => owner?.DisposeAsync() ?? ValueTask.CompletedTask;
}
