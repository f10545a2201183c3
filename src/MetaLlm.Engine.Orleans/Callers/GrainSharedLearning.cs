using MetaLlm.Core.Sharing;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.SharedLearning;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>The pool of a cluster whose silos have the database.</summary>
/// <param name="grains">The cluster.</param>
internal sealed class GrainSharedLearning(IGrainFactory grains) : ISharedLearning
{
    private ISharedLearningGrain? _worker;

    private ISharedLearningGrain Worker => _worker ??= StoreGrains.Find<ISharedLearningGrain>(grains, "sums of tenants");

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<PooledCell>> PoolAsync(CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.PoolAsync(cancellationToken));

    /// <inheritdoc/>
    public ValueTask<SharedContribution?> FindAsync(string tenant, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.FindAsync(tenant, cancellationToken));
}
