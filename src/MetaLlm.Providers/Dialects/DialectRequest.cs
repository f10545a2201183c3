namespace MetaLlm.Providers.Dialects;

/// <summary>A request as the upstream gets it.</summary>
/// <param name="Bytes">The body, JSON.</param>
/// <param name="Adapted">The client's members that were left out or changed, which the client is told.</param>
internal readonly record struct DialectRequest(ReadOnlyMemory<byte> Bytes, IReadOnlyList<string> Adapted)
{
    /// <summary>Whether it is the client's own, so that the client wants the answer as it comes.</summary>
    public bool IsNative { get; init; }
}
