using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Engine.Usage;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>The directory of a cluster whose silos have the database.</summary>
/// <param name="grains">The cluster.</param>
internal sealed class GrainTenantDirectory(IGrainFactory grains) : ITenantDirectory, IUsageReports, IUsageSums
{
    private ITenantDirectoryGrain? _worker;

    private ITenantDirectoryGrain Worker => _worker ??= grains.GetGrain<ITenantDirectoryGrain>(0);

    /// <inheritdoc/>
    public ValueTask<long> GetRevisionAsync(CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.GetRevisionAsync(cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DirectoryChange>> ReadChangesAsync(DirectoryChangeQuery query, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.ReadChangesAsync(query, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<DirectoryTenant?> FindTenantAsync(string tenant, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.FindTenantAsync(tenant, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DirectoryTenant>> ListTenantsAsync(string? after, int limit, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.ListTenantsAsync(after, limit, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<DirectoryKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.FindKeyAsync(keyId, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DirectoryKey>> ListKeysAsync(string? tenant, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.ListKeysAsync(tenant, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<DirectoryReceipt> WriteAsync(DirectoryWrite write, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.WriteAsync(write, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask RecordUsesAsync(IReadOnlyList<KeyUse> uses, CancellationToken cancellationToken)
    {
        try
        {
            await Worker.RecordUsesAsync(uses, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (ClusterFailures.IsClusterFailure(error))
        {
            throw ClusterFailures.Unavailable(error);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UsageRow>> ReadUsageAsync(UsageQuery query, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.ReadUsageAsync(query, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<UsageSums> ReadSumsAsync(UsageSumQuery query, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.ReadSumsAsync(query, cancellationToken));
}
