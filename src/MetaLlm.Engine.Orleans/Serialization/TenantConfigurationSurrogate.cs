using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="TenantConfiguration"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.tenant-configuration")]
internal struct TenantConfigurationSurrogate
{
    [Id(0)]
    public byte[] Json;
}

/// <summary>Turns <see cref="TenantConfiguration"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class TenantConfigurationConverter : IConverter<TenantConfiguration, TenantConfigurationSurrogate>
{
    /// <inheritdoc/>
    public TenantConfiguration ConvertFromSurrogate(in TenantConfigurationSurrogate surrogate) => TenantConfigurationJson.Decode(surrogate.Json);

    /// <inheritdoc/>
    public TenantConfigurationSurrogate ConvertToSurrogate(in TenantConfiguration value) => new()
    {
        Json = TenantConfigurationJson.Encode(value),
    };
}

/// <summary>Passes <see cref="TenantConfiguration"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class TenantConfigurationCopier : ShallowCopier<TenantConfiguration>;
