using System.ComponentModel.DataAnnotations;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Authentication;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A key that opens a part of the gateway.</summary>
public sealed class KeySettings
{
    private byte[]? _hash;

    /// <summary>Environment variable that holds the key.</summary>
    public EnvironmentValue? KeyEnvironment { get; init; }

    /// <summary>File that holds the key, instead of an environment variable. Its changes are followed.</summary>
    [StringLength(4096)]
    public SecretFile? KeyFile { get; init; }

    /// <summary>SHA-256 of the key; null for none.</summary>
    public byte[]? KeyHash => Key is { } key ? _hash ??= TenantKey.Hash(key) : null;

    /// <summary>The key, empty where it could not be read; null for none.</summary>
    internal string? Key => KeyFile?.Value ?? KeyEnvironment?.Value;

    /// <summary>Name of the member that gives the key.</summary>
    internal string KeyMember => KeyFile is null ? "keyEnvironment" : "keyFile";

    internal void Complete(SettingsErrors errors)
    {
        if (KeyEnvironment is not null && KeyFile is not null)
        {
            errors.Add("keyFile", "is given beside keyEnvironment; only one of them may be.");
        }
    }
}
