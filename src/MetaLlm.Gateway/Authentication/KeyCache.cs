using System.Collections.Concurrent;
using BitFaster.Caching.Lru;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.TenantDirectory;

namespace MetaLlm.Gateway.Authentication;

/// <summary>Keys of the directory that were used lately. Whoever learns of a change makes it forget; what it does not know costs one read.</summary>
/// <remarks>Safe for concurrent use. Ids that nobody has are remembered apart, so that guesses push no key out.</remarks>
internal sealed class KeyCache(TimeProvider time, ITenantDirectory? directory = null)
{
    private const int MostKeys = 250_000;
    private const int MostUnknown = 20_000;
    private static readonly long NoteEvery = TimeSpan.FromMinutes(1).Ticks;

    private readonly ConcurrentLru<ulong, KnownKey> _keys = new(MostKeys);
    private readonly ConcurrentLru<ulong, bool> _unknown = new(MostUnknown);
    private readonly ConcurrentQueue<KeyUse> _uses = new();
    private long _forgotten;

    /// <summary>Finds what a text opens, when that is known here.</summary>
    /// <param name="id">The text's id.</param>
    /// <param name="text">The text.</param>
    /// <param name="key">The key; null when the text opens nothing.</param>
    /// <returns>Whether it is known; else <see cref="FindAsync"/> finds out.</returns>
    public bool TryFind(ulong id, ReadOnlySpan<char> text, out KnownKey? key)
    {
        if (directory is null || _unknown.TryGet(id, out _))
        {
            key = null;
            return true;
        }

        if (!_keys.TryGet(id, out var known))
        {
            key = null;
            return false;
        }

        key = Opened(id, known, text);
        return true;
    }

    /// <summary>Finds what a text opens.</summary>
    /// <param name="id">The text's id.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The key; null when the text opens nothing.</returns>
    public async ValueTask<KnownKey?> FindAsync(ulong id, string text, CancellationToken cancellationToken)
    {
        if (TryFind(id, text, out var found))
        {
            return found;
        }

        return await ReadAsync(id, cancellationToken).ConfigureAwait(false) is { } known ? Opened(id, known, text) : null;
    }

    /// <summary>Finds a key whose text was checked before.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The key; null where it is gone or has expired.</returns>
    public async ValueTask<KnownKey?> StillAsync(ulong id, CancellationToken cancellationToken)
    {
        if (directory is null || _unknown.TryGet(id, out _))
        {
            return null;
        }

        var known = _keys.TryGet(id, out var found) ? found : await ReadAsync(id, cancellationToken).ConfigureAwait(false);
        return known?.Lasts(time.GetUtcNow().UtcTicks) == true ? known : null;
    }

    /// <summary>A key was made or revoked.</summary>
    /// <param name="keyId">Its id.</param>
    public void Forget(string keyId)
    {
        Interlocked.Increment(ref _forgotten);
        if (ulong.TryParse(keyId, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var id))
        {
            Drop(id);
        }
    }

    /// <summary>A tenant is gone with its keys.</summary>
    /// <param name="tenant">The tenant.</param>
    public void ForgetTenant(string tenant)
    {
        Interlocked.Increment(ref _forgotten);
        foreach (var (id, key) in _keys)
        {
            if (key.Tenant == tenant)
            {
                _keys.TryRemove(id);
            }
        }
    }

    /// <summary>Nothing that is known here is sure any more.</summary>
    public void ForgetAll()
    {
        Interlocked.Increment(ref _forgotten);
        _keys.Clear();
        _unknown.Clear();
    }

    /// <summary>Takes what was noted of uses since the last time.</summary>
    public IReadOnlyList<KeyUse> TakeUses()
    {
        var uses = new List<KeyUse>();
        while (_uses.TryDequeue(out var use))
        {
            uses.Add(use);
        }

        return uses;
    }

    private async ValueTask<KnownKey?> ReadAsync(ulong id, CancellationToken cancellationToken)
    {
        var forgotten = Volatile.Read(ref _forgotten);
        var stored = await directory!.FindKeyAsync(DirectoryKeyText.IdOf(id), cancellationToken).ConfigureAwait(false);
        var known = stored is null ? null : new KnownKey(stored);
        if (forgotten == Volatile.Read(ref _forgotten))
        {
            Remember(id, known);
            if (forgotten != Volatile.Read(ref _forgotten))
            {
                // A change came between; which of the two is newer, the next use finds out.
                Drop(id);
            }
        }

        return known;
    }

    private KnownKey? Opened(ulong id, KnownKey key, ReadOnlySpan<char> text)
    {
        var now = time.GetUtcNow();
        if (!key.Opens(text, now.UtcTicks))
        {
            return null;
        }

        if (key.MayNote(now.UtcTicks, NoteEvery))
        {
            _uses.Enqueue(new KeyUse(DirectoryKeyText.IdOf(id), now));
        }

        return key;
    }

    private void Remember(ulong id, KnownKey? key)
    {
        if (key is null)
        {
            _unknown.AddOrUpdate(id, true);
        }
        else
        {
            _keys.AddOrUpdate(id, key);
        }
    }

    private void Drop(ulong id)
    {
        _keys.TryRemove(id);
        _unknown.TryRemove(id);
    }
}
