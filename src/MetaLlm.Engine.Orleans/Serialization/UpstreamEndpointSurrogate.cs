using MetaLlm.Engine.Ports;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="UpstreamEndpoint"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.upstream-endpoint")]
internal struct UpstreamEndpointSurrogate
{
    [Id(0)]
    public string Name;

    [Id(1)]
    public string BaseAddress;

    [Id(2)]
    public string? ApiKey;

    [Id(3)]
    public UpstreamTimeouts Timeouts;

    [Id(4)]
    public int ConnectRetries;

    [Id(5)]
    public bool AskForStreamUsage;
}

/// <summary>Turns <see cref="UpstreamEndpoint"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class UpstreamEndpointConverter : IConverter<UpstreamEndpoint, UpstreamEndpointSurrogate>
{
    /// <inheritdoc/>
    public UpstreamEndpoint ConvertFromSurrogate(in UpstreamEndpointSurrogate surrogate) => new()
    {
        Name = surrogate.Name,
        BaseAddress = new Uri(surrogate.BaseAddress),
        ApiKey = surrogate.ApiKey,
        Timeouts = surrogate.Timeouts,
        ConnectRetries = surrogate.ConnectRetries,
        AskForStreamUsage = surrogate.AskForStreamUsage,
    };

    /// <inheritdoc/>
    public UpstreamEndpointSurrogate ConvertToSurrogate(in UpstreamEndpoint value) => new()
    {
        Name = value.Name,
        BaseAddress = value.BaseAddress.AbsoluteUri,
        ApiKey = value.ApiKey,
        Timeouts = value.Timeouts,
        ConnectRetries = value.ConnectRetries,
        AskForStreamUsage = value.AskForStreamUsage,
    };
}

/// <summary>Passes <see cref="UpstreamEndpoint"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class UpstreamEndpointCopier : ShallowCopier<UpstreamEndpoint>;
