using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Authentication;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A key that opens a part of the gateway.</summary>
public sealed class KeySettings
{
    private byte[]? _hash;

    /// <summary>Environment variable that holds the key.</summary>
    public EnvironmentValue? KeyEnvironment { get; init; }

    /// <summary>SHA-256 of the key; null for none.</summary>
    public byte[]? KeyHash => KeyEnvironment is { } key ? _hash ??= TenantKey.Hash(key.Value) : null;
}
