using MetaLlm.Engine.SharedLearning;

namespace MetaLlm.Engine.Ports;

/// <summary>What tenants have given to the pool. Noise that was drawn is kept with how far it reaches, so that it is never drawn again for the same decisions.</summary>
/// <remarks>Implementations are safe for concurrent use, by several processes as well. Where the store is away, a call fails with an <see cref="EngineUnavailableException"/>.</remarks>
public interface ISharedLearningStore
{
    /// <summary>What a tenant has given; null where it has not agreed to.</summary>
    ValueTask<StoredContribution?> FindAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Replaces what a tenant has given. It is durable when the call returns.</summary>
    /// <param name="contribution">The contribution; its version is one above that before, 1 for the first.</param>
    /// <param name="cancellationToken">Cancels until the write starts.</param>
    /// <returns>Whether it is there; it is not where the one before has another version.</returns>
    ValueTask<bool> PutAsync(StoredContribution contribution, CancellationToken cancellationToken);

    /// <summary>What all tenants have given, by name.</summary>
    ValueTask<IReadOnlyList<StoredContribution>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Deletes what a tenant has given.</summary>
    ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken);
}
