using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Orleans.Grains;
using MetaLlm.Engine.Ports;
using Orleans.Metadata;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>
/// Which events the silos of the cluster can read. Each says so in its manifest. A kind of event that an earlier release cannot read is written once every silo reads it:
/// otherwise the tenant could not be loaded where that release still runs.
/// </summary>
/// <param name="manifests">What the silos say.</param>
/// <param name="membership">The silos; null for a client, which knows them by their manifests alone.</param>
internal sealed class JournalReaders(IClusterManifestProvider manifests, IClusterMembershipService? membership = null)
{
    /// <summary>Member of the owner's manifest that names the kinds which came after the first release, separated by commas.</summary>
    public const string Member = "metallm.reads";

    private static readonly GrainType Owner = GrainType.Create(TenantPolicyGrain.TypeName);

    /// <summary>What this build reads.</summary>
    public static string Known { get; } = $"{Name(typeof(BudgetResetEvent))},{Name(typeof(TookInEvent))}";

    /// <summary>Whether all can read an event.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    public bool AllRead<T>()
        where T : TenantEvent => FindUnable<T>() is null;

    /// <summary>Refuses to write an event that not all can read.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <exception cref="UpgradeInProgressException">A silo cannot read it, or has not said yet.</exception>
    public void ThrowUnlessAllRead<T>()
        where T : TenantEvent
    {
        if (FindUnable<T>() is { } unable)
        {
            throw new UpgradeInProgressException($"A {typeof(T).Name} cannot be recorded while silo {unable} may run a release that cannot read it.");
        }
    }

    private SiloAddress? FindUnable<T>()
    {
        var silos = manifests.Current.Silos;
        var unknown = membership?.CurrentSnapshot.Members.Values.FirstOrDefault(member => member.Status == SiloStatus.Active && !silos.ContainsKey(member.SiloAddress))?.SiloAddress;
        return unknown ?? silos.Where(silo => !Reads(silo.Value, Name(typeof(T)))).Select(silo => silo.Key).FirstOrDefault();
    }

    private static string Name(Type kind) => kind.Name;

    /// <summary>A silo that owns no tenants reads no journal.</summary>
    private static bool Reads(GrainManifest silo, string kind) =>
        !silo.Grains.TryGetValue(Owner, out var grain)
        || (grain.Properties.TryGetValue(Member, out var kinds) && kinds.Split(',').Contains(kind, StringComparer.Ordinal));
}
