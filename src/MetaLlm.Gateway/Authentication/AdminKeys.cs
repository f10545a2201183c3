using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Authentication;

/// <summary>Finds who manages by a key: the one that the configuration names, or one of the directory's. A tenant's own key manages nothing.</summary>
internal sealed class AdminKeys(SettingsStore settings, KeyCache cache)
{
    private static readonly AdminCaller Owner = new(AdminCaller.Configuration, AdminRole.Own);

    /// <summary>SHA-256 of the key that the configuration names; null where management is switched off.</summary>
    public byte[]? Configured => settings.Current.AdminKeyHash;

    /// <summary>Finds who a key belongs to, where that needs no directory.</summary>
    /// <param name="key">The key.</param>
    /// <param name="id">The id by which <see cref="FindAsync"/> finds it; 0 where it has none, and null is the answer.</param>
    /// <returns>Who manages; null for nobody, or for one of the directory.</returns>
    public AdminCaller? Find(ReadOnlySpan<char> key, out ulong id)
    {
        id = 0;
        if (Configured is not { } hash)
        {
            return null;
        }

        if (TenantKey.Matches(key, hash))
        {
            return Owner;
        }

        _ = DirectoryKeyText.TryReadId(key, out id);
        return null;
    }

    /// <summary>Finds who a key of the directory belongs to.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Who manages; null for nobody.</returns>
    public async ValueTask<AdminCaller?> FindAsync(ulong id, string key, CancellationToken cancellationToken) =>
        (await cache.FindAsync(id, key, cancellationToken).ConfigureAwait(false))?.Manager;

    /// <summary>Finds who a key of the directory belongs to that was shown before: it may have been deleted since, or have expired.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Who manages; null where it manages no more.</returns>
    public async ValueTask<AdminCaller?> StillAsync(ulong id, CancellationToken cancellationToken) =>
        Configured is null ? null : (await cache.StillAsync(id, cancellationToken).ConfigureAwait(false))?.Manager;
}
