using MetaLlm.Engine.Ports;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="ChatCall"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.chat-call")]
internal struct ChatCallSurrogate
{
    [Id(0)]
    public UpstreamEndpoint Endpoint;

    [Id(1)]
    public string Model;

    [Id(2)]
    public byte[] Body;

    [Id(3)]
    public bool Stream;

    [Id(4)]
    public string ResponseId;

    [Id(5)]
    public string ResponseModel;
}

/// <summary>Turns <see cref="ChatCall"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class ChatCallConverter : IConverter<ChatCall, ChatCallSurrogate>
{
    /// <inheritdoc/>
    public ChatCall ConvertFromSurrogate(in ChatCallSurrogate surrogate) => new()
    {
        Endpoint = surrogate.Endpoint,
        Model = surrogate.Model,
        Body = surrogate.Body,
        Stream = surrogate.Stream,
        ResponseId = surrogate.ResponseId,
        ResponseModel = surrogate.ResponseModel,
    };

    /// <inheritdoc/>
    public ChatCallSurrogate ConvertToSurrogate(in ChatCall value) => new()
    {
        Endpoint = value.Endpoint,
        Model = value.Model,
        Body = value.Body.ToArray(),
        Stream = value.Stream,
        ResponseId = value.ResponseId,
        ResponseModel = value.ResponseModel,
    };
}

/// <summary>Passes <see cref="ChatCall"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class ChatCallCopier : ShallowCopier<ChatCall>;
