using MetaLlm.Core.Sharing;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.SharedLearning;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>The silo's pool for processes that have no store. It keeps nothing itself, so that calls may interleave.</summary>
[GrainType("metallm.shared-learning")]
[StatelessWorker, Reentrant]
internal sealed class SharedLearningGrain(SharedLearningService shared) : Grain, ISharedLearningGrain
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<PooledCell>> PoolAsync(CancellationToken cancellationToken) => shared.PoolAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SharedContribution?> FindAsync(string tenant, CancellationToken cancellationToken) => shared.FindAsync(tenant, cancellationToken);
}
