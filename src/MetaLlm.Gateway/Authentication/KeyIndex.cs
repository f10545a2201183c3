using System.Collections.Frozen;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Authentication;

/// <summary>Which tenant a key of the configuration belongs to, in one look-up however many tenants there are.</summary>
/// <remarks>
/// What is looked up is the SHA-256 of the key that was sent. The time that a look-up takes depends on that hash alone. Nobody can steer a hash towards
/// that of a key he does not know, so the time says nothing about how close a guess came.
/// </remarks>
internal sealed class KeyIndex
{
    private const int ShownBytes = 6;

    private readonly FrozenDictionary<KeyHash, FileKey> _keys;

    public KeyIndex(MetaLlmSettings settings)
    {
        Settings = settings;
        var keys = new Dictionary<KeyHash, FileKey>();
        foreach (var tenant in settings.Tenants.Values)
        {
            foreach (var hash in tenant.KeyHashes)
            {
                keys[KeyHash.From(hash)] = new FileKey(tenant.Id, new CallerKey(IdOf(hash), KeyScope.All));
            }
        }

        _keys = keys.ToFrozenDictionary();
    }

    /// <summary>The settings that it was made from.</summary>
    public MetaLlmSettings Settings { get; }

    /// <summary>The tenant of a key; null when nobody has it.</summary>
    public FileKey? Find(ReadOnlySpan<char> key) => _keys.GetValueOrDefault(KeyHash.Of(key));

    /// <summary>The key of a tenant with an id; null for none.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">As <see cref="CallerKey.Id"/> says.</param>
    public CallerKey? FindOwn(string tenant, string id) =>
        Settings.Tenants.TryGetValue(tenant, out var known) && known.KeyHashes.Any(hash => IdOf(hash) == id) ? new CallerKey(id, KeyScope.All) : null;

    private static string IdOf(byte[] hash) => "file-" + Convert.ToHexStringLower(hash.AsSpan(0, ShownBytes));

    /// <summary>A key of the configuration.</summary>
    /// <param name="Tenant">Its tenant.</param>
    /// <param name="Caller">Who calls.</param>
    internal sealed record FileKey(string Tenant, CallerKey Caller);
}
