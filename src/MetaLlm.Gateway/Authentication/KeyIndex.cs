using System.Collections.Frozen;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Authentication;

/// <summary>Which tenant a key belongs to, in one look-up however many tenants there are.</summary>
/// <remarks>
/// What is looked up is the SHA-256 of the key that was sent. The time that a look-up takes depends on that hash alone. Nobody can steer a hash towards
/// that of a key he does not know, so the time says nothing about how close a guess came.
/// </remarks>
internal sealed class KeyIndex
{
    private readonly FrozenDictionary<KeyHash, TenantSettings> _tenants;

    public KeyIndex(MetaLlmSettings settings)
    {
        Settings = settings;
        var tenants = new Dictionary<KeyHash, TenantSettings>();
        foreach (var tenant in settings.Tenants.Values)
        {
            foreach (var hash in tenant.KeyHashes)
            {
                tenants[KeyHash.From(hash)] = tenant;
            }
        }

        _tenants = tenants.ToFrozenDictionary();
        Anonymous = settings.AnonymousTenant is { } id ? settings.Tenants[id] : null;
    }

    /// <summary>The settings that it was made from.</summary>
    public MetaLlmSettings Settings { get; }

    /// <summary>Tenant of callers without a key; null when there are none.</summary>
    public TenantSettings? Anonymous { get; }

    /// <summary>The tenant of a key; null when nobody has it.</summary>
    public TenantSettings? Find(ReadOnlySpan<char> key) => _tenants.GetValueOrDefault(KeyHash.Of(key));
}
