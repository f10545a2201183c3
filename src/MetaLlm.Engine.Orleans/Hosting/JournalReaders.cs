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
    public static string Known { get; } = string.Join(',', Name(typeof(BudgetResetEvent)), Name(typeof(TookInEvent)), Name(typeof(EvidencedEvent)), Name(typeof(ComparedEvent)), PricedDecision, CompletionsCall, Preview, Assessment, JudgesAlone, Card, Sharing, Cascade);

    /// <summary>Decisions that no policy made (<see cref="DecisionRecord.IsOfPolicy"/>).</summary>
    public const string PricedDecision = "PricedDecision";

    /// <summary>Calls of kind <see cref="CallKind.Completions"/>: no journal holds them, but a worker of an earlier release would take one for a chat completion.</summary>
    public const string CompletionsCall = "CompletionsCall";

    /// <summary>Cards of models in a configuration (<see cref="Core.Arms.Arm.Card"/>): an owner of an earlier release would learn without them.</summary>
    public const string Card = "ModelCard";

    /// <summary>Agreements to share in a configuration (<see cref="TenantConfiguration.Sharing"/>): an owner of an earlier release would neither give nor take, nor take back.</summary>
    public const string Sharing = "ShareLearning";

    /// <summary>Cascades (<see cref="TenantConfiguration.Cascade"/>): an owner of an earlier release would take the first answer's cost for wasted, and learn from the second's reward as if it had been chosen.</summary>
    public const string Cascade = "Cascade";

    /// <summary>What a decision would be (<see cref="ITenantEngine.PreviewAsync"/>): no journal holds it, but an owner of an earlier release does not know the call.</summary>
    public const string Preview = "Preview";

    /// <summary>What decisions would rest on (<see cref="ITenantEngine.AssessAsync"/>), as <see cref="Preview"/>.</summary>
    public const string Assessment = "Assessment";

    /// <summary>What judges said, without the rest of a report (<see cref="ITenantEngine.DescribeJudgesAsync"/>), as <see cref="Preview"/>.</summary>
    public const string JudgesAlone = "JudgesAlone";

    /// <summary>Whether all know a call.</summary>
    /// <param name="kind">Its name in the manifest.</param>
    public bool AllKnow(string kind) => FindUnable(kind) is null;

    /// <summary>Whether all can read an event.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    public bool AllRead<T>()
        where T : TenantEvent => FindUnable(Name(typeof(T))) is null;

    /// <summary>Refuses to write an event that not all can read.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <exception cref="UpgradeInProgressException">A silo cannot read it, or has not said yet.</exception>
    public void ThrowUnlessAllRead<T>()
        where T : TenantEvent => ThrowUnlessAllRead(Name(typeof(T)));

    /// <summary>Refuses to write what not all can read.</summary>
    /// <param name="kind">Its name in the manifest.</param>
    /// <exception cref="UpgradeInProgressException">A silo cannot read it, or has not said yet.</exception>
    public void ThrowUnlessAllRead(string kind)
    {
        if (FindUnable(kind) is { } unable)
        {
            throw new UpgradeInProgressException($"A {kind} cannot be {(kind is Preview or Assessment ? "made" : "recorded")} while silo {unable} may run a release that cannot read it.");
        }
    }

    /// <summary>Refuses a configuration that not all owners would follow.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <exception cref="UpgradeInProgressException">A silo runs, or may run, a release that does not know what it asks for.</exception>
    public void ThrowUnlessAllRead(TenantConfiguration configuration)
    {
        if (configuration.Shards is not null)
        {
            // An owner of an earlier release would not see that there are to be others.
            ThrowUnlessAllRead<TookInEvent>();
        }

        if (configuration.Guarantee is not null)
        {
            // It would have its policy choose.
            ThrowUnlessAllRead<ComparedEvent>();
        }

        if (configuration.Cascade is not null)
        {
            ThrowUnlessAllRead(Cascade);
        }

        if (configuration.Arms.Any(arm => arm.Card is not null))
        {
            ThrowUnlessAllRead(Card);
        }

        if (configuration.Sharing is not null)
        {
            ThrowUnlessAllRead(Sharing);
        }
    }

    private SiloAddress? FindUnable(string kind)
    {
        var silos = manifests.Current.Silos;
        var unknown = membership?.CurrentSnapshot.Members.Values.FirstOrDefault(member => member.Status == SiloStatus.Active && !silos.ContainsKey(member.SiloAddress))?.SiloAddress;
        return unknown ?? silos.Where(silo => !Reads(silo.Value, kind)).Select(silo => silo.Key).FirstOrDefault();
    }

    private static string Name(Type kind) => kind.Name;

    /// <summary>A silo that owns no tenants reads no journal.</summary>
    private static bool Reads(GrainManifest silo, string kind) =>
        !silo.Grains.TryGetValue(Owner, out var grain)
        || (grain.Properties.TryGetValue(Member, out var kinds) && kinds.Split(',').Contains(kind, StringComparer.Ordinal));
}
