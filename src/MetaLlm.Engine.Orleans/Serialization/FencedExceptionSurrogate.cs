using MetaLlm.Engine.Ports;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="FencedException"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.fenced")]
internal struct FencedExceptionSurrogate
{
    [Id(0)]
    public string Message;
}

/// <summary>Turns <see cref="FencedException"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class FencedExceptionConverter : IConverter<FencedException, FencedExceptionSurrogate>
{
    /// <inheritdoc/>
    public FencedException ConvertFromSurrogate(in FencedExceptionSurrogate surrogate) => new(surrogate.Message);

    /// <inheritdoc/>
    public FencedExceptionSurrogate ConvertToSurrogate(in FencedException value) => new()
    {
        Message = value.Message,
    };
}

/// <summary>Passes <see cref="FencedException"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class FencedExceptionCopier : ShallowCopier<FencedException>;
