using MetaLlm.Engine.Admission;
using MetaLlm.Engine.TenantDirectory;

namespace MetaLlm.Gateway.Authentication;

/// <summary>A key of the directory in memory.</summary>
internal sealed class KnownKey
{
    private readonly byte[] _salt;
    private readonly byte[] _hash;
    private readonly long _expires;
    private long _noted;

    public KnownKey(DirectoryKey key)
    {
        Tenant = key.Tenant;
        _salt = key.Salt;
        _hash = key.Hash;
        _expires = key.ExpiresAt?.UtcTicks ?? long.MaxValue;
        _noted = key.LastUsedAt?.UtcTicks ?? 0;
        if (key.Tenant is null)
        {
            Manager = key.Rights.Select(KeyRights.Role).OfType<AdminRole>().Cast<AdminRole?>().FirstOrDefault() is { } role ? new AdminCaller(key.Id, role) : null;
        }
        else
        {
            Caller = new CallerKey(key.Id, KeyRights.Scopes(key.Rights))
            {
                OfDirectory = key.Id,
                Limits = key.Limits ?? AdmissionLimits.None,
            };
        }
    }

    /// <summary>The tenant that it belongs to; null for one that manages.</summary>
    public string? Tenant { get; }

    /// <summary>Of a tenant's key, who calls.</summary>
    public CallerKey? Caller { get; }

    /// <summary>Of a key that manages, who does.</summary>
    public AdminCaller? Manager { get; }

    /// <summary>Whether a text is this key, and it opens something still.</summary>
    /// <param name="text">A text with its id.</param>
    /// <param name="now">The time, UTC ticks.</param>
    public bool Opens(ReadOnlySpan<char> text, long now) => DirectoryKeyText.Matches(text, _salt, _hash) && Lasts(now);

    /// <summary>Whether it has not expired.</summary>
    /// <param name="now">The time, UTC ticks.</param>
    public bool Lasts(long now) => now < _expires;

    /// <summary>Whether its use should be noted: for one of many callers at once, and at most once in a while.</summary>
    /// <param name="now">The time, UTC ticks.</param>
    /// <param name="every">The while, ticks.</param>
    public bool MayNote(long now, long every)
    {
        var noted = Volatile.Read(ref _noted);
        return now - noted >= every && Interlocked.CompareExchange(ref _noted, now, noted) == noted;
    }
}
