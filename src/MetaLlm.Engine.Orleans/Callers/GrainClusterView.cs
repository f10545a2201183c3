using MetaLlm.Engine.Cluster;
using MetaLlm.Engine.Orleans.Grains;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>Asks the cluster's own management for its silos.</summary>
/// <param name="grains">The cluster.</param>
/// <param name="manifests">What the silos say of themselves.</param>
internal sealed class GrainClusterView(IGrainFactory grains, IClusterManifestProvider manifests) : IClusterView
{
    private static readonly GrainType Owner = GrainType.Create(TenantPolicyGrain.TypeName);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ClusterNode>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var management = grains.GetGrain<IManagementGrain>(0);
            var members = await management.GetDetailedHosts(false, cancellationToken).ConfigureAwait(false);
            var counts = await management.GetSimpleGrainStatistics(cancellationToken).ConfigureAwait(false);
            var bySilo = counts.ToLookup(count => count.SiloAddress);
            return [.. members.Select(member => Node(member, bySilo[member.SiloAddress])).OrderBy(node => node.Name, StringComparer.Ordinal).ThenByDescending(node => node.StartedAt)];
        }
        catch (Exception error) when (ClusterFailures.IsClusterFailure(error))
        {
            throw ClusterFailures.Unavailable(error);
        }
    }

    private ClusterNode Node(MembershipEntry member, IEnumerable<SimpleGrainStatistic> counts) => new(
        member.SiloName,
        member.SiloAddress.Endpoint.ToString(),
        member.Status.ToString(),
        manifests.Current.Silos.TryGetValue(member.SiloAddress, out var silo) && silo.Grains.TryGetValue(Owner, out var grain) ? grain.Properties.GetValueOrDefault(SiloRelease.Member) : null,
        member.StartTime == default ? null : new DateTimeOffset(DateTime.SpecifyKind(member.StartTime, DateTimeKind.Utc)),
        [.. counts.GroupBy(count => Kind(count.GrainType)).Select(group => new GrainCount(group.Key, group.Sum(count => (long)count.ActivationCount))).OrderByDescending(count => count.Count).ThenBy(count => count.Kind, StringComparer.Ordinal)]);

    /// <summary>The class's name, without its namespace and assembly.</summary>
    private static string Kind(string grainType)
    {
        var name = grainType.Split(',', '`')[0];
        return name[(name.LastIndexOf('.') + 1)..];
    }
}
