using MetaLlm.Core.Arms;
using MetaLlm.Core.Cascades;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Guarantees;
using MetaLlm.Core.Rollout;
using MetaLlm.Core.Sharing;

namespace MetaLlm.Core.Tenancy;

/// <summary>All that defines a tenant's policy. Immutable; a change is a new configuration and a <see cref="ConfiguredEvent"/>.</summary>
public sealed record TenantConfiguration
{
    /// <summary>The arms, 1 to 64, ids unique.</summary>
    public required IReadOnlyList<Arm> Arms { get; init; }

    /// <summary>Name of the policy.</summary>
    public string Policy { get; init; } = "metallm";

    /// <summary>Options of the policy by name; what is missing has its default.</summary>
    public IReadOnlyDictionary<string, double> PolicyOptions { get; init; } = new Dictionary<string, double>();

    /// <summary>Seed of every random draw.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Fixed shadow price, quality per USD, at least 0; the pacer adds to it when there is a budget.</summary>
    public double PriceWeight { get; init; }

    /// <summary>Price of time, quality per second, at least 0.</summary>
    public double LatencyWeight { get; init; }

    /// <summary>Mean spend per request to keep, USD, above 0; null for no pacing.</summary>
    public double? UsdPerRequest { get; init; }

    /// <summary>Spend that is never exceeded within a window, USD, above 0; null for none.</summary>
    public double? HardCapUsd { get; init; }

    /// <summary>Length of the hard cap's window; windows are aligned to the Unix epoch.</summary>
    public TimeSpan HardCapWindow { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What a call must fit into what is left of the hard cap and of windows' budgets with.</summary>
    public HardCapReserve HardCapReserve { get; init; }

    /// <summary>Spend of a calendar hour, USD, above 0, never exceeded and spread over the hour's requests; null for none.</summary>
    public double? UsdPerHour { get; init; }

    /// <summary>The same for a day, from midnight to midnight UTC.</summary>
    public double? UsdPerDay { get; init; }

    /// <summary>The same for a calendar month, UTC.</summary>
    public double? UsdPerMonth { get; init; }

    /// <summary>Mean reward to keep at the least cost, 0 to 1; null for none. Not together with <see cref="PriceWeight"/>.</summary>
    public double? QualityFloor { get; init; }

    /// <summary>
    /// Share of decisions, above 0 to 0.5, that is spread evenly over all arms that can serve, as far as the exploration budget allows: what makes the log say what other
    /// policies would have earned. Null for the policy's own exploration alone.
    /// </summary>
    public double? ExplorationFloor { get; init; }

    /// <summary>
    /// Most that the rewards of one end user can count together in a day, UTC, 1 to 1,000,000: half of it at full weight, the rest of what the user says ever less. Null for no bound.
    /// </summary>
    public double? MaxWeightPerUser { get; init; }

    /// <summary>What a decision without feedback has earned; null to learn nothing from it.</summary>
    public MissingReward? MissingReward { get; init; }

    /// <summary>How conversations are followed, so that they keep their model; null to decide every request for itself.</summary>
    public ConversationSettings? Conversations { get; init; }

    /// <summary>An arm that gets a fixed share of the decisions until it proves worse; null for none. Not for a tenant with several owners.</summary>
    public CanarySettings? Canary { get; init; }

    /// <summary>How often answers may differ from a reference's; null for no such promise. Not for a tenant with several owners.</summary>
    public GuaranteeSettings? Guarantee { get; init; }

    /// <summary>What the tenant has agreed to with others; null to neither give nor take.</summary>
    public SharingSettings? Sharing { get; init; }

    /// <summary>Answers are weighed before they leave, and another arm may take over; null where they just leave. Not beside a guarantee, a canary or several owners.</summary>
    public CascadeSettings? Cascade { get; init; }

    /// <summary>What a decision costs whose caller makes the call and never says what it cost.</summary>
    public RouteExpiry RouteExpiry { get; init; }

    /// <summary>
    /// Which configuration of the tenant it is, at least 1: one with a lower number never follows one with a higher. Null for one that is not numbered, which may follow any.
    /// </summary>
    public long? Version { get; init; }

    /// <summary>How many owners decide for the tenant side by side, 2 to 16, set with its first configuration and never changed; null for one.</summary>
    public int? Shards { get; init; }

    /// <summary>Which parts of the context are used.</summary>
    public ContextParts Parts { get; init; } = ContextParts.All;

    /// <summary>How many owners the tenant has, at least 1.</summary>
    internal int Owners => Shards ?? 1;
}
