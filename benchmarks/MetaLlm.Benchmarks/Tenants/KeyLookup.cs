using BenchmarkDotNet.Attributes;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Authentication;

namespace MetaLlm.Benchmarks.Tenants;

/// <summary>From the text of a key to the tenant, among 100,000 keys that were used lately.</summary>
public class KeyLookup
{
    private const int Keys = 100_000;

    private readonly KeyCache _cache = new(TimeProvider.System, new Made());
    private readonly string[] _texts = new string[Keys];
    private int _next;

    [GlobalSetup]
    public async Task FillAsync()
    {
        for (var i = 0; i < Keys; i++)
        {
            var (text, key) = DirectoryKeyText.Create((id, salt, hash) => new DirectoryKey { Id = id, Tenant = "tenant", Rights = ["chat"], Salt = salt, Hash = hash, CreatedAt = DateTimeOffset.UnixEpoch });
            Made.Next = key;
            _texts[i] = text;
            DirectoryKeyText.TryReadId(text, out var number);
            _ = await _cache.FindAsync(number, text, default);
        }

        _cache.TakeUses();
    }

    [Benchmark]
    public string? Find()
    {
        var text = _texts[_next = (_next + 7919) % Keys];
        return DirectoryKeyText.TryReadId(text, out var id) && _cache.TryFind(id, text, out var key) ? key?.Tenant : null;
    }

    /// <summary>A directory that has the key that was made last.</summary>
    private sealed class Made : ITenantDirectory
    {
        public static DirectoryKey? Next { get; set; }

        public ValueTask<DirectoryKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken) => new(Next);

        public ValueTask<long> GetRevisionAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("Not asked for here.");

        public ValueTask<IReadOnlyList<DirectoryChange>> ReadChangesAsync(DirectoryChangeQuery query, CancellationToken cancellationToken) => throw new InvalidOperationException("Not asked for here.");

        public ValueTask<DirectoryTenant?> FindTenantAsync(string tenant, CancellationToken cancellationToken) => throw new InvalidOperationException("Not asked for here.");

        public ValueTask<IReadOnlyList<DirectoryTenant>> ListTenantsAsync(string? after, int limit, CancellationToken cancellationToken) => throw new InvalidOperationException("Not asked for here.");

        public ValueTask<IReadOnlyList<DirectoryKey>> ListKeysAsync(string? tenant, CancellationToken cancellationToken) => throw new InvalidOperationException("Not asked for here.");

        public ValueTask<DirectoryReceipt> WriteAsync(DirectoryWrite write, CancellationToken cancellationToken) => throw new InvalidOperationException("Not asked for here.");

        public ValueTask RecordUsesAsync(IReadOnlyList<KeyUse> uses, CancellationToken cancellationToken) => throw new InvalidOperationException("Not asked for here.");
    }
}
