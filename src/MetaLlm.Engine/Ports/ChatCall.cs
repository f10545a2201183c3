namespace MetaLlm.Engine.Ports;

/// <summary>One call of one model.</summary>
public sealed record ChatCall
{
    /// <summary>Where to send it.</summary>
    public required UpstreamEndpoint Endpoint { get; init; }

    /// <summary>The upstream's name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The client's request, UTF-8 JSON, an object; fields that nobody here knows are sent on.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether the client wants server-sent events.</summary>
    public required bool Stream { get; init; }

    /// <summary>The <c>id</c> that the answer bears.</summary>
    public required string ResponseId { get; init; }

    /// <summary>The <c>model</c> that the answer bears.</summary>
    public required string ResponseModel { get; init; }
}
