namespace MetaLlm.Engine.Routing;

/// <summary>The client's request as it came.</summary>
/// <param name="Body">UTF-8 JSON, an object.</param>
/// <param name="Stream">Whether the client wants server-sent events.</param>
public sealed record ChatPayload(ReadOnlyMemory<byte> Body, bool Stream);
