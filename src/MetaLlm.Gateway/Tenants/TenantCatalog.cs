using System.Collections.Concurrent;
using BitFaster.Caching.Lru;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Tenants;

/// <summary>
/// All tenants: those of the configuration, and those of the directory, which are read when they are asked for. Of a tenant that stands in both, the configuration counts.
/// </summary>
/// <remarks>Safe for concurrent use. What was read is kept until somebody says that it changed, or until others push it out.</remarks>
internal sealed class TenantCatalog(SettingsStore store, QuarantineList quarantined, TimeProvider time, ITenantDirectory? directory = null)
{
    private const int MostKept = 20_000;
    private const int RetryAfterSeconds = 30;
    private static readonly Dictionary<string, ArmTarget> Nothing = [];

    private readonly ConcurrentLru<string, Entry> _kept = new(Environment.ProcessorCount, MostKept, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<Entry>>> _reading = new(StringComparer.Ordinal);
    private long _changes;

    /// <summary>Whether there is a directory.</summary>
    public bool HasDirectory => directory is not null;

    /// <summary>The tenants of the configuration, and those of the directory that were read; what was read may have changed since.</summary>
    public IEnumerable<TenantSettings> Known => store.Current.Tenants.Values.Concat(_kept.Select(entry => entry.Value.Settings).OfType<TenantSettings>());

    /// <summary>The tenant's models of every kind by id; empty for one that is unknown here.</summary>
    public IReadOnlyDictionary<string, ArmTarget> Targets(string tenant)
    {
        if (store.Current.Tenants.TryGetValue(tenant, out var own))
        {
            return Priced(own).AllTargets;
        }

        // What has changed since a request began counts from the next one on, but for prices.
        return _kept.TryGet(tenant, out var entry) ? entry.Settings is { } read ? Priced(read).AllTargets : Nothing : Nothing;
    }

    /// <summary>What the tenant's policy sees of a query; what is seen by default for one that is unknown here.</summary>
    public ContextParts Context(string tenant) =>
        store.Current.Tenants.TryGetValue(tenant, out var own) ? own.Configuration.Parts
        : _kept.TryGet(tenant, out var entry) && entry.Settings is { } read ? read.Configuration.Parts
        : ContextParts.All;

    /// <summary>Finds a tenant.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its settings, which may not have been set up yet; null where there is none.</returns>
    /// <exception cref="ApiException">Its document cannot be used (503).</exception>
    /// <exception cref="EngineUnavailableException">The directory cannot be read.</exception>
    public ValueTask<TenantSettings?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var settings = store.Current;
        if (settings.Tenants.TryGetValue(id, out var own))
        {
            return new(IsPriced(own) ? own : settings.Price(own, time.GetUtcNow()));
        }

        if (directory is null)
        {
            return new((TenantSettings?)null);
        }

        return _kept.TryGet(id, out var entry) && !entry.IsOld && ReferenceEquals(entry.Basis, settings) && (entry.Settings is null || IsPriced(entry.Settings))
            ? new(Settings(entry))
            : ReadAsync(id, cancellationToken);
    }

    /// <summary>Finds the tenant that a path names.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiException">There is none of that name (404), or its document cannot be used (503).</exception>
    public async ValueTask<TenantSettings> NamedAsync(string id, CancellationToken cancellationToken) =>
        (TenantSettings.IsId(id) ? await FindAsync(id, cancellationToken).ConfigureAwait(false) : null)
        ?? throw new ApiException(ErrorCode.TenantNotFound, $"There is no tenant '{id}'.", "tenant");

    /// <summary>The revision that the directory has of a tenant now, whatever was read before; 0 where there is none.</summary>
    /// <param name="id">Its id.</param>
    public async Task<long> RevisionAsync(string id) => (await directory!.FindTenantAsync(id, CancellationToken.None).ConfigureAwait(false))?.Revision ?? 0;

    /// <summary>A tenant of the directory was created, changed or deleted.</summary>
    /// <param name="id">Its id.</param>
    public void Forget(string id)
    {
        Interlocked.Increment(ref _changes);
        if (_kept.TryGet(id, out var entry))
        {
            entry.IsOld = true;
        }
    }

    /// <summary>Nothing that was read is sure any more.</summary>
    public void ForgetAll()
    {
        Interlocked.Increment(ref _changes);
        foreach (var (_, entry) in _kept)
        {
            entry.IsOld = true;
        }
    }

    /// <summary>Whether the prices of now are in the settings; most tenants' prices have no dates, for which no clock is read.</summary>
    private bool IsPriced(TenantSettings tenant) => !tenant.HasDatedPrices || tenant.HoldAt(time.GetUtcNow());

    private TenantSettings Priced(TenantSettings tenant) => tenant.HasDatedPrices ? tenant.At(time.GetUtcNow()) : tenant;

    private static TenantSettings? Settings(Entry entry) => entry.Refusal is null ? entry.Settings : throw Unavailable();

    private static ApiException Unavailable() => new(TenantSetups.Unavailable(RetryAfterSeconds));

    private async ValueTask<TenantSettings?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        // However many requests wait for a tenant, it is read once.
        var reading = _reading.GetOrAdd(id, static (key, catalog) => new Lazy<Task<Entry>>(() => Task.Run(() => catalog.ReadOnceAsync(key))), this);
        try
        {
            return Settings(await reading.Value.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            if (reading.Value.IsCompleted)
            {
                _reading.TryRemove(KeyValuePair.Create(id, reading));
            }
        }
    }

    private async Task<Entry> ReadOnceAsync(string id)
    {
        var changes = Volatile.Read(ref _changes);
        var settings = store.Current;
        var row = _kept.TryGet(id, out var kept) && !kept.IsOld
            ? kept.Row
            : await directory!.FindTenantAsync(id, CancellationToken.None).ConfigureAwait(false);
        var entry = Open(id, row, settings, kept);
        entry.IsOld = changes != Volatile.Read(ref _changes);
        _kept.AddOrUpdate(id, entry);
        if (changes != Volatile.Read(ref _changes))
        {
            entry.IsOld = true;
        }

        return entry;
    }

    private Entry Open(string id, DirectoryTenant? row, MetaLlmSettings settings, Entry? kept)
    {
        if (row is null)
        {
            quarantined.Remove(id, served: false);
            return new Entry(settings, null, null, null);
        }

        try
        {
            var read = Priced(TenantDocument.Read(row, settings));
            if (kept?.Row?.Revision == row.Revision && kept.Settings?.Setup.InForce is not null && read.AsksTheSameAs(kept.Settings))
            {
                // Upstreams have changed, not the tenant.
                read.Setup.Serve(read);
            }

            return new Entry(settings, row, read, null);
        }
        catch (SettingsException e)
        {
            quarantined.Add(id, e);
            return new Entry(settings, row, null, e);
        }
    }

    private sealed class Entry(MetaLlmSettings basis, DirectoryTenant? row, TenantSettings? settings, SettingsException? refusal)
    {
        private volatile bool _isOld;

        public MetaLlmSettings Basis { get; } = basis;

        public DirectoryTenant? Row { get; } = row;

        public TenantSettings? Settings { get; } = settings;

        public SettingsException? Refusal { get; } = refusal;

        public bool IsOld
        {
            get => _isOld;
            set => _isOld = value;
        }
    }
}
