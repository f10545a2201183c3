using MetaLlm.Engine.Ports;
using MetaLlm.Engine.SharedLearning;

namespace MetaLlm.TestKit.Stores;

/// <summary>What tenants give to the pool, in memory.</summary>
public sealed class InMemorySharedLearningStore : ISharedLearningStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, StoredContribution> _contributions = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<StoredContribution?> FindAsync(string tenant, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(_contributions.GetValueOrDefault(tenant));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> PutAsync(StoredContribution contribution, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(contribution);
        lock (_gate)
        {
            var isNext = (_contributions.GetValueOrDefault(contribution.Tenant)?.Version ?? 0) == contribution.Version - 1;
            if (isNext)
            {
                _contributions[contribution.Tenant] = contribution;
            }

            return ValueTask.FromResult(isNext);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredContribution>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<StoredContribution>>([.. _contributions.Values]);
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _contributions.Remove(tenant);
        }

        return ValueTask.CompletedTask;
    }
}
