using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Engine.Usage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>The silo's directory for processes that have none. It keeps nothing, so that calls may interleave.</summary>
[GrainType("metallm.tenant-directory")]
[StatelessWorker, Reentrant]
internal sealed class TenantDirectoryGrain(IServiceProvider services) : Grain, ITenantDirectoryGrain
{
    private ITenantDirectory Directory => services.GetService<ITenantDirectory>() ?? throw new EngineUnavailableException("The silo's store holds no directory of tenants.");

    private IUsageReports Usage => services.GetService<IUsageReports>() ?? throw new EngineUnavailableException("The silo's store gives no usage reports.");

    private IUsageSums Sums => services.GetService<IUsageSums>() ?? throw new EngineUnavailableException("The silo's store keeps no sums of usage.");

    /// <inheritdoc/>
    public ValueTask<long> GetRevisionAsync(CancellationToken cancellationToken) => Directory.GetRevisionAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DirectoryChange>> ReadChangesAsync(DirectoryChangeQuery query, CancellationToken cancellationToken) =>
        Directory.ReadChangesAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DirectoryTenant?> FindTenantAsync(string tenant, CancellationToken cancellationToken) => Directory.FindTenantAsync(tenant, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DirectoryTenant>> ListTenantsAsync(string? after, int limit, CancellationToken cancellationToken) =>
        Directory.ListTenantsAsync(after, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DirectoryKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken) => Directory.FindKeyAsync(keyId, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DirectoryKey>> ListKeysAsync(string? tenant, CancellationToken cancellationToken) => Directory.ListKeysAsync(tenant, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DirectoryReceipt> WriteAsync(DirectoryWrite write, CancellationToken cancellationToken) => Directory.WriteAsync(write, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RecordUsesAsync(IReadOnlyList<KeyUse> uses, CancellationToken cancellationToken) => Directory.RecordUsesAsync(uses, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UsageRow>> ReadUsageAsync(UsageQuery query, CancellationToken cancellationToken) => Usage.ReadUsageAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<UsageSums> ReadSumsAsync(UsageSumQuery query, CancellationToken cancellationToken) => Sums.ReadSumsAsync(query, cancellationToken);
}
