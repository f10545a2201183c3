using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Retention;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>The retention of a cluster.</summary>
/// <param name="grains">The cluster.</param>
internal sealed class GrainRetention(IGrainFactory grains) : IRetention
{
    /// <inheritdoc/>
    public ValueTask<RetentionPlan> PlanAsync(string after, int limit, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(grains.GetGrain<IRetentionViewGrain>(0).PlanAsync(after, limit, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<RetentionOutcome> RunAsync(CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(grains.GetGrain<IRetentionGrain>(0).RunNowAsync(cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ArchiveFile>> ListArchiveAsync(string? tenant, int limit, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(grains.GetGrain<IRetentionViewGrain>(0).ListArchiveAsync(tenant, limit, cancellationToken));
}
