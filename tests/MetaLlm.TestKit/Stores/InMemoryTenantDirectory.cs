using MetaLlm.Engine.Ports;
using MetaLlm.Engine.TenantDirectory;

namespace MetaLlm.TestKit.Stores;

/// <summary>A directory in memory.</summary>
public sealed class InMemoryTenantDirectory : ITenantDirectory
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, DirectoryTenant> _tenants = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, DirectoryKey> _keys = new(StringComparer.Ordinal);
    private readonly List<DirectoryChange> _changes = [];
    private int _keyReads;

    /// <summary>What the next call fails with; null for none.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How often a key was looked for.</summary>
    public int KeyReads => Volatile.Read(ref _keyReads);

    /// <inheritdoc/>
    public ValueTask<long> GetRevisionAsync(CancellationToken cancellationToken) => Locked(() => (long)_changes.Count);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DirectoryChange>> ReadChangesAsync(DirectoryChangeQuery query, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<DirectoryChange>>(() =>
        [
            .. _changes
                .Where(change => change.Revision > query.After && (query.Tenant is null || change.Tenant == query.Tenant) && (query.Since is null || change.At >= query.Since))
                .Take(query.Limit)
                .Select(change => query.WithContents ? change : change with { Before = null, After = null }),
        ]);

    /// <inheritdoc/>
    public ValueTask<DirectoryTenant?> FindTenantAsync(string tenant, CancellationToken cancellationToken) => Locked(() => _tenants.GetValueOrDefault(tenant));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DirectoryTenant>> ListTenantsAsync(string? after, int limit, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<DirectoryTenant>>(() => [.. _tenants.Values.Where(tenant => string.CompareOrdinal(tenant.Id, after ?? "") > 0).Take(limit)]);

    /// <inheritdoc/>
    public ValueTask<DirectoryKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _keyReads);
        return Locked(() => _keys.GetValueOrDefault(keyId));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DirectoryKey>> ListKeysAsync(string? tenant, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<DirectoryKey>>(() => [.. _keys.Values.Where(key => key.Tenant == tenant)]);

    /// <inheritdoc/>
    public ValueTask<DirectoryReceipt> WriteAsync(DirectoryWrite write, CancellationToken cancellationToken)
    {
        DirectoryRules.ThrowIfInvalid(write);
        return Locked(() =>
        {
            var tenant = write.Tenant is { } id ? _tenants.GetValueOrDefault(id) : null;
            var key = (write.KeyId ?? write.Key?.Id) is { } keyId ? _keys.GetValueOrDefault(keyId) : null;
            var step = DirectoryRules.Decide(write, _changes.Count + 1, tenant, key);
            if (step.Change is not { } change)
            {
                return new DirectoryReceipt(step.Outcome, _changes.Count, step.Tenant);
            }

            _changes.Add(change);
            Apply(write, step);
            return new DirectoryReceipt(step.Outcome, change.Revision, step.Tenant);
        });
    }

    /// <inheritdoc/>
    public async ValueTask RecordUsesAsync(IReadOnlyList<KeyUse> uses, CancellationToken cancellationToken) => await Locked(() =>
    {
        foreach (var use in uses.Where(use => _keys.ContainsKey(use.KeyId)))
        {
            _keys[use.KeyId] = _keys[use.KeyId] with { LastUsedAt = use.At };
        }

        return true;
    });

    private void Apply(DirectoryWrite write, DirectoryStep step)
    {
        switch (write.Action)
        {
            case DirectoryAction.CreateKey:
                _keys.Add(write.Key!.Id, write.Key);
                break;
            case var record when DirectoryRules.IsRecord(record):
                break;
            case DirectoryAction.RevokeKey:
                _keys.Remove(write.KeyId!);
                break;
            case DirectoryAction.DeleteTenant:
                _tenants.Remove(write.Tenant!);
                foreach (var key in _keys.Values.Where(key => key.Tenant == write.Tenant).ToList())
                {
                    _keys.Remove(key.Id);
                }

                break;
            default:
                _tenants[write.Tenant!] = step.Tenant!;
                break;
        }
    }

    private ValueTask<T> Locked<T>(Func<T> run)
    {
        lock (_gate)
        {
            return Failure is { } failure ? ValueTask.FromException<T>(failure) : ValueTask.FromResult(run());
        }
    }
}
