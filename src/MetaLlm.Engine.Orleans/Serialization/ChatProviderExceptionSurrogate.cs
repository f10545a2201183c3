using MetaLlm.Engine.Ports;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="ChatProviderException"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.chat-provider-error")]
internal struct ChatProviderExceptionSurrogate
{
    [Id(0)]
    public int Failure;

    [Id(1)]
    public string Message;

    [Id(2)]
    public int? UpstreamStatus;

    [Id(3)]
    public TimeSpan? RetryAfter;
}

/// <summary>Turns <see cref="ChatProviderException"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class ChatProviderExceptionConverter : IConverter<ChatProviderException, ChatProviderExceptionSurrogate>
{
    /// <inheritdoc/>
    public ChatProviderException ConvertFromSurrogate(in ChatProviderExceptionSurrogate surrogate) => new((ChatFailure)surrogate.Failure, surrogate.Message)
    {
        UpstreamStatus = surrogate.UpstreamStatus,
        RetryAfter = surrogate.RetryAfter,
    };

    /// <inheritdoc/>
    public ChatProviderExceptionSurrogate ConvertToSurrogate(in ChatProviderException value) => new()
    {
        Failure = (int)value.Failure,
        Message = value.Message,
        UpstreamStatus = value.UpstreamStatus,
        RetryAfter = value.RetryAfter,
    };
}

/// <summary>Passes <see cref="ChatProviderException"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class ChatProviderExceptionCopier : ShallowCopier<ChatProviderException>;
