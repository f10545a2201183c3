using MetaLlm.Engine.Ports;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Engine.Usage;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>Reads and writes the directory, and reads usage, on behalf of callers that have no database. Any silo, any number of them.</summary>
[Alias("metallm.2.tenant-directory")]
internal interface ITenantDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>See <see cref="ITenantDirectory.GetRevisionAsync"/>.</summary>
    [Alias("get-revision")]
    ValueTask<long> GetRevisionAsync(CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantDirectory.ReadChangesAsync"/>.</summary>
    [Alias("read-changes")]
    ValueTask<IReadOnlyList<DirectoryChange>> ReadChangesAsync(DirectoryChangeQuery query, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantDirectory.FindTenantAsync"/>.</summary>
    [Alias("find-tenant")]
    ValueTask<DirectoryTenant?> FindTenantAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantDirectory.ListTenantsAsync"/>.</summary>
    [Alias("list-tenants")]
    ValueTask<IReadOnlyList<DirectoryTenant>> ListTenantsAsync(string? after, int limit, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantDirectory.FindKeyAsync"/>.</summary>
    [Alias("find-key")]
    ValueTask<DirectoryKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantDirectory.ListKeysAsync"/>.</summary>
    [Alias("list-keys")]
    ValueTask<IReadOnlyList<DirectoryKey>> ListKeysAsync(string? tenant, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantDirectory.WriteAsync"/>.</summary>
    [Alias("write")]
    ValueTask<DirectoryReceipt> WriteAsync(DirectoryWrite write, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantDirectory.RecordUsesAsync"/>.</summary>
    [Alias("record-uses")]
    ValueTask RecordUsesAsync(IReadOnlyList<KeyUse> uses, CancellationToken cancellationToken);

    /// <summary>See <see cref="IUsageReports.ReadUsageAsync"/>. A report over many decisions takes longer than a call usually may.</summary>
    [Alias("read-usage"), ResponseTimeout("00:05:00")]
    ValueTask<IReadOnlyList<UsageRow>> ReadUsageAsync(UsageQuery query, CancellationToken cancellationToken);

    /// <summary>See <see cref="IUsageSums.ReadSumsAsync"/>. The first question of a long journal takes longer than a call usually may.</summary>
    [Alias("read-sums"), ResponseTimeout("00:05:00")]
    ValueTask<UsageSums> ReadSumsAsync(UsageSumQuery query, CancellationToken cancellationToken);
}
