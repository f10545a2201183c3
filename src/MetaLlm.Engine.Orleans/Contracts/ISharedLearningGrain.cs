using MetaLlm.Core.Sharing;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.SharedLearning;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>Reads the pool on behalf of callers that have no database. Any silo, any number of them.</summary>
[Alias("metallm.2.shared-learning")]
internal interface ISharedLearningGrain : IGrainWithIntegerKey
{
    /// <summary>See <see cref="ISharedLearning.PoolAsync"/>.</summary>
    [Alias("pool")]
    ValueTask<IReadOnlyList<PooledCell>> PoolAsync(CancellationToken cancellationToken);

    /// <summary>See <see cref="ISharedLearning.FindAsync"/>.</summary>
    [Alias("find")]
    ValueTask<SharedContribution?> FindAsync(string tenant, CancellationToken cancellationToken);
}
