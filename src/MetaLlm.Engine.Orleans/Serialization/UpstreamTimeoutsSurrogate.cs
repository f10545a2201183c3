using MetaLlm.Engine.Ports;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="UpstreamTimeouts"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.upstream-timeouts")]
internal struct UpstreamTimeoutsSurrogate
{
    [Id(0)]
    public TimeSpan Connect;

    [Id(1)]
    public TimeSpan FirstByte;

    [Id(2)]
    public TimeSpan Idle;

    [Id(3)]
    public TimeSpan Total;
}

/// <summary>Turns <see cref="UpstreamTimeouts"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class UpstreamTimeoutsConverter : IConverter<UpstreamTimeouts, UpstreamTimeoutsSurrogate>
{
    /// <inheritdoc/>
    public UpstreamTimeouts ConvertFromSurrogate(in UpstreamTimeoutsSurrogate surrogate) => new()
    {
        Connect = surrogate.Connect,
        FirstByte = surrogate.FirstByte,
        Idle = surrogate.Idle,
        Total = surrogate.Total,
    };

    /// <inheritdoc/>
    public UpstreamTimeoutsSurrogate ConvertToSurrogate(in UpstreamTimeouts value) => new()
    {
        Connect = value.Connect,
        FirstByte = value.FirstByte,
        Idle = value.Idle,
        Total = value.Total,
    };
}

/// <summary>Passes <see cref="UpstreamTimeouts"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class UpstreamTimeoutsCopier : ShallowCopier<UpstreamTimeouts>;
