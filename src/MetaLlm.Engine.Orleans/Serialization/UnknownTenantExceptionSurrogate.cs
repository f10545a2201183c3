using MetaLlm.Engine.Ports;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="UnknownTenantException"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.unknown-tenant")]
internal struct UnknownTenantExceptionSurrogate
{
    [Id(0)]
    public string Tenant;
}

/// <summary>Turns <see cref="UnknownTenantException"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class UnknownTenantExceptionConverter : IConverter<UnknownTenantException, UnknownTenantExceptionSurrogate>
{
    /// <inheritdoc/>
    public UnknownTenantException ConvertFromSurrogate(in UnknownTenantExceptionSurrogate surrogate) => new(surrogate.Tenant);

    /// <inheritdoc/>
    public UnknownTenantExceptionSurrogate ConvertToSurrogate(in UnknownTenantException value) => new()
    {
        Tenant = value.Tenant,
    };
}

/// <summary>Passes <see cref="UnknownTenantException"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class UnknownTenantExceptionCopier : ShallowCopier<UnknownTenantException>;
