using MetaLlm.Core.Tenancy;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="RequestDial"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.request-dial")]
internal struct RequestDialSurrogate
{
    [Id(0)]
    public double Quality;

    [Id(1)]
    public double Cost;

    [Id(2)]
    public double Latency;
}

/// <summary>Turns <see cref="RequestDial"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class RequestDialConverter : IConverter<RequestDial, RequestDialSurrogate>
{
    /// <inheritdoc/>
    public RequestDial ConvertFromSurrogate(in RequestDialSurrogate surrogate) => new(surrogate.Quality, surrogate.Cost, surrogate.Latency);

    /// <inheritdoc/>
    public RequestDialSurrogate ConvertToSurrogate(in RequestDial value) => new()
    {
        Quality = value.Quality,
        Cost = value.Cost,
        Latency = value.Latency,
    };
}

/// <summary>Passes <see cref="RequestDial"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class RequestDialCopier : ShallowCopier<RequestDial>;
