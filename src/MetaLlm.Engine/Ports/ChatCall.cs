namespace MetaLlm.Engine.Ports;

/// <summary>One call of one model.</summary>
[GenerateSerializer, Immutable, Alias("metallm.chat-call")]
public sealed record ChatCall
{
    /// <summary>Where to send it.</summary>
    [Id(0)]
    public required UpstreamEndpoint Endpoint { get; init; }

    /// <summary>The upstream's name of the model.</summary>
    [Id(1)]
    public required string Model { get; init; }

    /// <summary>The client's request, UTF-8 JSON, an object; fields that nobody here knows are sent on.</summary>
    [Id(2)]
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether the client wants server-sent events.</summary>
    [Id(3)]
    public required bool Stream { get; init; }

    /// <summary>The <c>id</c> that the answer bears.</summary>
    [Id(4)]
    public required string ResponseId { get; init; }

    /// <summary>The <c>model</c> that the answer bears.</summary>
    [Id(5)]
    public required string ResponseModel { get; init; }

    /// <summary>Whether somebody wants to know what the upstream itself calls the answer (<see cref="ChatPart.Origin"/>).</summary>
    [Id(12)]
    public bool IsTraced { get; init; }

    /// <summary>What is known of the model.</summary>
    [Id(6)]
    public CallOptions Options { get; init; } = CallOptions.None;

    /// <summary>Prompt tokens as estimated before the call, for answers whose count is missing or cannot be true; 0 for no estimate.</summary>
    [Id(7)]
    public double InputTokens { get; init; }

    /// <summary>What is asked for; it says where the request goes and what an answer is.</summary>
    [Id(8)]
    public CallKind Kind { get; init; }

    /// <summary>Reasoning in the request that the model is not sent.</summary>
    [Id(9)]
    public WithheldReasoning Withheld { get; init; }

    /// <summary>The same request as the client wrote it, where the upstream speaks that format and not chat; null elsewhere. Silos that do not know it send the translated one.</summary>
    [Id(10)]
    public NativeRequest? Native { get; init; }

    /// <summary>Text that was retrieved for the question and stands before it, UTF-8; empty for none. Never printed.</summary>
    [Id(15)]
    public ReadOnlyMemory<byte> Retrieved { get; init; }
}
