using MetaLlm.Engine.Ports;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="EngineUnavailableException"/> on the wire; the error within stays in the log of the silo that met it.</summary>
[GenerateSerializer, Immutable, Alias("metallm.engine-unavailable")]
internal struct EngineUnavailableExceptionSurrogate
{
    [Id(0)]
    public string Message;
}

/// <summary>Turns <see cref="EngineUnavailableException"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class EngineUnavailableExceptionConverter : IConverter<EngineUnavailableException, EngineUnavailableExceptionSurrogate>
{
    /// <inheritdoc/>
    public EngineUnavailableException ConvertFromSurrogate(in EngineUnavailableExceptionSurrogate surrogate) => new(surrogate.Message);

    /// <inheritdoc/>
    public EngineUnavailableExceptionSurrogate ConvertToSurrogate(in EngineUnavailableException value) => new()
    {
        Message = value.Message,
    };
}

/// <summary>Passes <see cref="EngineUnavailableException"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class EngineUnavailableExceptionCopier : ShallowCopier<EngineUnavailableException>;
