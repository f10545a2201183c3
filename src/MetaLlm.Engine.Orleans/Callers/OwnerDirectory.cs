using System.Collections.Concurrent;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Hosting;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>The owners of tenants: how many each has, and which of them is to decide.</summary>
/// <param name="grains">The cluster.</param>
/// <param name="calls">Makes calls that may be made twice.</param>
/// <param name="readers">What silos can read; null where all run this release.</param>
/// <remarks>Safe for concurrent use. How many owners a tenant has never changes; a tenant that was deleted and made again may have others.</remarks>
internal sealed class OwnerDirectory(IGrainFactory grains, ClusterCalls calls, JournalReaders? readers)
{
    // To find a grain by its interface takes longer than the rest of sending it a message.
    private readonly ConcurrentDictionary<string, ITenantPolicyGrain> _owners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _shards = new(StringComparer.Ordinal);

    /// <summary>An owner by its name.</summary>
    public ITenantPolicyGrain Find(string owner) => _owners.GetOrAdd(owner, static (key, factory) => factory.GetGrain<ITenantPolicyGrain>(key), grains);

    /// <summary>How many owners a tenant has.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">The caller's patience.</param>
    /// <exception cref="Ports.UnknownTenantException">No configuration was ever recorded.</exception>
    public ValueTask<int> CountAsync(string tenant, CancellationToken cancellationToken) =>
        _shards.TryGetValue(tenant, out var shards) ? new(shards) : AskAsync(tenant, cancellationToken);

    /// <summary>Keeps in mind how many owners a tenant has.</summary>
    public void Learn(string tenant, int shards) => _shards[tenant] = shards;

    /// <summary>Forgets how many owners a tenant has.</summary>
    public void Forget(string tenant) => _shards.TryRemove(tenant, out _);

    /// <summary>Which owner is asked first, from 0: always the same for one end user, any for a request of nobody known.</summary>
    /// <param name="request">The request.</param>
    /// <param name="shards">How many owners there are.</param>
    public static int Pick(DecisionRequest request, int shards) =>
        request.User == 0 ? Random.Shared.Next(shards) : (int)(request.User % (ulong)shards);

    private async ValueTask<int> AskAsync(string tenant, CancellationToken cancellationToken)
    {
        // An owner of an earlier release does not know the question, and no tenant of it has several.
        if (readers?.AllRead<TookInEvent>() == false)
        {
            return 1;
        }

        var first = Find(tenant);
        var shards = await calls.AskAsync(() => first.GetShardsAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        Learn(tenant, shards);
        return shards;
    }
}
