using MetaLlm.Core.Sharing;
using MetaLlm.Engine.SharedLearning;

namespace MetaLlm.Engine.Ports;

/// <summary>What tenants that have agreed know together.</summary>
/// <remarks>Safe for concurrent use. Where the store is away, a call fails with an <see cref="EngineUnavailableException"/>.</remarks>
public interface ISharedLearning
{
    /// <summary>The pool: what enough tenants gave, by model and topic. Empty where the store keeps none.</summary>
    ValueTask<IReadOnlyList<PooledCell>> PoolAsync(CancellationToken cancellationToken);

    /// <summary>What a tenant has given, as it stands in the pool; null where it gives nothing.</summary>
    ValueTask<SharedContribution?> FindAsync(string tenant, CancellationToken cancellationToken);
}
