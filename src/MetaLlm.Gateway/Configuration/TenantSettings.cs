using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Tenants;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A tenant: who calls, the models its requests may be routed to, and what it wants of the routing.</summary>
public sealed partial class TenantSettings
{
    internal const int LongestId = 64;

    private DateTimeOffset[] _priceDates = [];
    private PromptCache?[] _caches = [];
    private IReadOnlyList<ArmVariant> _arms = [];
    private IReadOnlyDictionary<string, RetrieverSettings> _retrievers = new Dictionary<string, RetrieverSettings>();

    /// <summary>Versions of the directory come after every version of a file.</summary>
    private const long FirstRevision = 1_000_000_000;

    /// <summary>Identity, unique; it is part of every key in storage.</summary>
    [StringLength(LongestId), RegularExpression("[A-Za-z0-9._-]+", ErrorMessage = "letters, digits, '-', '_' and '.' are legal")]
    public required string Id { get; init; } = "";

    /// <summary>
    /// Number of this configuration of the tenant. One with a lower number never replaces one with a higher: a process that still has the file of before cannot put it back. Without a
    /// number, whichever process reads its file last has its way.
    /// </summary>
    [Range(1, 999_999_999)]
    public int? ConfigurationVersion { get; init; }

    /// <summary>Environment variables that hold the keys that its clients send. No two tenants share a key.</summary>
    public IReadOnlyList<EnvironmentValue> KeyEnvironments { get; init; } = [];

    /// <summary>
    /// Files that hold keys, beside or instead of environment variables; one key a line. Their changes are followed: while a file holds the old key and the new one, both are taken.
    /// </summary>
    [StringLength(4096)]
    public IReadOnlyList<SecretFile> KeyFiles { get; init; } = [];

    /// <summary>The models, 1 to 64.</summary>
    public IReadOnlyList<ArmSettings> Arms { get; init; } = [];

    /// <summary>Models that give vectors of texts, at most 64. No policy chooses among them: the cheapest healthy one of a vector space serves.</summary>
    [JsonPropertyName("embeddingModels")]
    public IReadOnlyList<EmbeddingModelSettings> EmbeddingModelList { get; init; } = [];

    /// <summary>The policy that chooses among them.</summary>
    public string Policy { get; init; } = "metallm";

    /// <summary>Numbers that tune the policy, by name; see below for those of each.</summary>
    public IReadOnlyDictionary<string, double> PolicyOptions { get; init; } = new Dictionary<string, double>();

    /// <summary>
    /// What is done with a change of <c>policy</c>, <c>policyOptions</c>, <c>seed</c> or <c>context</c>, by which the policy would forget what it has learned: <c>refuse</c> it, so
    /// that the tenant goes on as before, take it and <c>relearn</c> from the journal, or <c>forget</c>.
    /// </summary>
    public PolicyRestart PolicyRestart { get; init; }

    /// <summary>
    /// Share of requests that is spread evenly over the models, as far as the exploration budget allows, whatever the policy thinks of them: without it, the log of a policy that is sure of itself cannot tell <c>ope</c> what
    /// another one would have earned. 0.02 is a good start.
    /// </summary>
    [Range(0.0, 0.5, MinimumIsExclusive = true)]
    public double? ExplorationFloor { get; init; }

    /// <summary>
    /// Most that the feedback about one end user's requests counts together in a day, UTC: half of it at full weight, and what comes after ever less. The user is the request's <c>user</c>, or its
    /// <c>safety_identifier</c>, of which a hash is kept. Without it all feedback counts alike.
    /// </summary>
    [Range(1.0, 1e6)]
    public double? MaxWeightPerUser { get; init; }

    /// <summary>Seed of every random draw.</summary>
    [Range(typeof(long), "0", "9223372036854775807")]
    public long Seed { get; init; } = 1;

    /// <summary>Shadow price: the quality that one USD must buy. A budget adds to it. Not together with a quality floor.</summary>
    [Range(0.0, 1e9)]
    public double PriceWeight { get; init; }

    /// <summary>Price of time: the quality that one second must buy.</summary>
    [Range(0.0, 1e6)]
    public double LatencyWeight { get; init; }

    /// <summary>Mean reward to keep at the least cost; a budget that asks for more economy wins. Without it there is no floor.</summary>
    [Range(0.0, 1.0)]
    public double? QualityFloor { get; init; }

    /// <summary>What the tenant may spend.</summary>
    public BudgetSettings Budget { get; init; } = new();

    /// <summary>How many calls the tenant may make, over all gateways together.</summary>
    public AdmissionLimits Limits { get; init; } = new();

    /// <summary>What a request without feedback teaches.</summary>
    public MissingRewardSettings MissingReward { get; init; } = new();

    /// <summary>
    /// How many owners decide for the tenant side by side: more than one only where one is too slow. It is set when the tenant is made, and cannot be changed. Each owner has an equal part of every
    /// cap, which has to be far above the cost of as many calls.
    /// </summary>
    [Range(1, TenantOwner.Most)]
    public int Shards { get; init; } = 1;

    /// <summary>How conversations are followed from turn to turn. Not for a tenant with shards, whose owners know nothing of each other's conversations.</summary>
    public ConversationSettings Conversations { get; init; } = new();

    /// <summary>A new model that gets a fixed share of the requests until it proves worse than the others. Not for a tenant with shards.</summary>
    public CanarySettings Canary { get; init; } = new();

    /// <summary>Models that see a share of the calls and answer none.</summary>
    public ShadowSettings Shadow { get; init; } = new();

    /// <summary>A policy that takes the place of the tenant's where the tenant's own log says that it is better. Not for a tenant with shards.</summary>
    public ChallengerSettings Challenger { get; init; } = new();

    /// <summary>The policy that the last promoted challenger replaced; promotions write it, and a rollback takes it.</summary>
    public ReplacedPolicySettings ReplacedPolicy { get; init; } = new();

    /// <summary>Judges of a share of the answers, whose verdicts are rewards where people say nothing.</summary>
    public JudgesSettings Judges { get; init; } = new();

    /// <summary>What it gives to other tenants, and takes from them.</summary>
    public ShareLearningSettings ShareLearning { get; init; } = new();

    /// <summary>What a decision of <c>/v1/route</c> costs whose outcome nobody reports in time: nothing, or what was predicted.</summary>
    public RouteExpiry RouteExpiry { get; init; }

    /// <summary>
    /// Other names that requests may have in <c>model</c>: from the client's name to <c>auto</c>, the id of a model, or the name of a vector space. So an application that asks for <c>gpt-4o</c> is routed unchanged.
    /// </summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength)]
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the very same request gets the answer of before, without a call.</summary>
    public ResponseCacheSettings ResponseCache { get; init; } = new();

    /// <summary>Which guardrails look at its requests and answers.</summary>
    public TenantGuardrailSettings Guardrails { get; init; } = new();

    /// <summary>Whether requests are kept with their texts.</summary>
    public RequestLogSettings RequestLog { get; init; } = new();

    /// <summary>What the policy sees of a request: its form, the task that the client names, its meaning, and its language, which is for requests in several.</summary>
    [AllowedValues("structural", "task", "embedding", "language")]
    public IReadOnlyList<string> Context { get; init; } = ["structural", "task", "embedding"];

    /// <summary>SHA-256 of each of its keys.</summary>
    public IReadOnlyList<byte[]> KeyHashes { get; private set; } = [];

    /// <summary>What its policy is made from.</summary>
    public TenantConfiguration Configuration { get; private set; } = new() { Arms = [] };

    /// <summary>What the policy of its shadow is made from; null without one.</summary>
    internal TenantConfiguration? ShadowConfiguration { get; private set; }

    /// <summary>What stands behind its arms, by arm id.</summary>
    public IReadOnlyDictionary<string, ArmTarget> Targets { get; private set; } = new Dictionary<string, ArmTarget>();

    /// <summary>Its embedding models.</summary>
    internal EmbeddingModels EmbeddingModels { get; private set; } = new([]);

    /// <summary>What stands behind its embedding models, by id; without those whose upstream is not there.</summary>
    internal IReadOnlyDictionary<string, ArmTarget> EmbeddingTargets { get; private set; } = new Dictionary<string, ArmTarget>();

    /// <summary>What stands behind its models of every kind, by id.</summary>
    internal IReadOnlyDictionary<string, ArmTarget> AllTargets { get; private set; } = new Dictionary<string, ArmTarget>();

    /// <summary>Of a tenant of the directory, the revision of its document; 0 for one of a file.</summary>
    internal long Revision { get; set; }

    /// <summary>How far these settings have got.</summary>
    internal TenantSetup Setup { get; private set; } = new();

    /// <summary>Which variants a request can go to.</summary>
    internal VariantRules VariantRules { get; private set; } = new([]);

    /// <summary>Whether a model of it has several deployments.</summary>
    internal bool HasDeployments { get; private set; }

    /// <summary>Whether prices change at some moment.</summary>
    internal bool HasDatedPrices => _priceDates.Length > 0;

    /// <summary>The moment from which the prices of these settings hold.</summary>
    internal DateTimeOffset PricesSince { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>The moment before which they do.</summary>
    internal DateTimeOffset PricesUntil { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>Whether the tenant's owner refused these settings, and goes on by those before.</summary>
    internal bool IsKept { get; set; }

    /// <summary>Whether a text can be the id of a tenant.</summary>
    /// <param name="text">The text.</param>
    internal static bool IsId(string text) =>
        text.Length is >= 1 and <= LongestId && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>Whether the tenant's owner would be told the same.</summary>
    /// <param name="other">Other settings of the tenant.</param>
    internal bool AsksTheSameAs(TenantSettings other) => TenantConfigurationJson.Same(Configuration, other.Configuration);

    /// <param name="upstreams">The upstreams, by name.</param>
    /// <param name="retrievers">The retrievers, by name.</param>
    /// <param name="guardrails">The guardrails, by name.</param>
    /// <param name="keys">Keys of the tenants before this one, with their tenants; receives those of this one.</param>
    /// <param name="errors">Receives every contradiction.</param>
    internal void Complete(
        IReadOnlyDictionary<string, UpstreamSettings> upstreams,
        IReadOnlyDictionary<string, RetrieverSettings> retrievers,
        IReadOnlyDictionary<string, GuardrailSettings> guardrails,
        Dictionary<string, string> keys,
        SettingsErrors errors)
    {
        for (var i = 0; i < KeyEnvironments.Count; i++)
        {
            var (variable, key) = KeyEnvironments[i];
            if (key.Length > 0 && (key == TenantKey.Anonymous || !keys.TryAdd(key, Id)))
            {
                errors.At("keyEnvironments").At(i).Add(null, $"names '{variable}', whose key is in use already; every key must be another.");
            }
        }

        for (var i = 0; i < KeyFiles.Count; i++)
        {
            if (KeyFiles[i].Lines.Any(key => key == TenantKey.Anonymous || !keys.TryAdd(key, Id)))
            {
                errors.At("keyFiles").At(i).Add(null, $"names '{KeyFiles[i]}', which holds a key that is in use already; every key must be another.");
            }
        }

        KeyHashes = [.. KeyEnvironments.Select(k => k.Value).Concat(KeyFiles.SelectMany(f => f.Lines)).Select(key => TenantKey.Hash(key))];
        for (var i = 0; i < Arms.Count; i++)
        {
            Arms[i].Check(errors.At("arms").At(i));
        }

        _retrievers = retrievers;
        _arms = ArmVariant.All(Arms);
        foreach (var arm in _arms)
        {
            arm.Check(errors.At("arms"), retrievers);
        }

        VariantRules = new VariantRules(_arms);
        _caches = [.. Arms.Select(arm => upstreams.TryGetValue(arm.Upstream ?? (arm.Deployments.Count > 0 ? arm.Deployments[0].Upstream : null) ?? "", out var upstream) ? upstream.Preset.PromptCache : null)];
        EmbeddingModels = new EmbeddingModels(EmbeddingModelList);
        EmbeddingModels.Check([.. _arms.Select(arm => arm.Id), .. Aliases.Keys], errors.At("embeddingModels"));
        _priceDates = [.. Arms.SelectMany(arm => arm.Prices).Concat(EmbeddingModelList.SelectMany(model => model.Prices)).Select(dated => dated.Since).Distinct().Order()];
        PricesUntil = _priceDates is [var first, ..] ? first : DateTimeOffset.MaxValue;
        Configuration = new TenantConfiguration
        {
            Arms = Known(errors.At("arms"), DateTimeOffset.MinValue),
            Policy = Policy,
            PolicyOptions = PolicyOptions,
            Seed = (ulong)Seed,
            PriceWeight = PriceWeight,
            LatencyWeight = LatencyWeight,
            UsdPerRequest = Budget.UsdPerRequest,
            HardCapUsd = Budget.HardCapUsd,
            HardCapWindow = TimeSpan.FromHours(Budget.HardCapWindowHours),
            HardCapReserve = Budget.HardCapReserve,
            RouteExpiry = RouteExpiry,
            Conversations = FollowsConversations ? Conversations.ToSettings() : null,
            MissingReward = MissingReward.ToMissingReward(errors.At("missingReward")),
            Canary = Canary.ToSettings(),
            Guarantee = Guarantee.ToSettings(),
            Sharing = ShareLearning.ToSettings(_arms),
            Cascade = Cascade.ToSettings(),
            QualityFloor = QualityFloor,
            ExplorationFloor = ExplorationFloor,
            MaxWeightPerUser = MaxWeightPerUser,
            Shards = Shards > 1 ? Shards : null,
            Version = Revision > 0 ? FirstRevision + Revision : ConfigurationVersion,
            UsdPerHour = Budget.UsdPerHour,
            UsdPerDay = Budget.UsdPerDay,
            UsdPerMonth = Budget.UsdPerMonth,
            Parts = Context.Aggregate(ContextParts.None, (parts, word) => parts | Enum.Parse<ContextParts>(word, ignoreCase: true)),
        };
        if (Shards > 1 && PolicyRestart == PolicyRestart.Relearn)
        {
            errors.Add("policyRestart", FormattableString.Invariant($"is relearn while shards is {Shards}; a tenant with shards cannot learn again from its journals: 'refuse' and 'forget' are left."));
        }

        foreach (var error in TenantConfigurationValidator.Validate(Configuration))
        {
            errors.Add(JsonField(error.Field, errors), error.Message);
        }

        ShadowConfiguration = Shadow.ToConfiguration(Configuration, errors.At("shadow"));
        Challenger.Check(Configuration, ReplacedPolicy, errors);
        Judges.Check(Configuration, guardrails, errors.At("judges"));
        Guarantee.Check(Configuration, errors.At("guarantee"));
        Cascade.Check(Challenger, errors.At("cascade"));
        Evidence.Check(Configuration, Judges, errors.At("evidence"));
        Targets = ReadTargets(upstreams, errors.At("arms"));
        HasDeployments = Targets.Values.Any(target => target.Deployments.Count > 0);
        EmbeddingTargets = EmbeddingModels.ReadTargets(upstreams, errors.At("embeddingModels"));
        AllTargets = Joined(Targets, EmbeddingTargets);
        CheckAliases(errors);
        Guardrails.Check(guardrails, errors.At("guardrails"));
        RequestLog.Complete(errors.At("requestLog"));
    }

    /// <summary>The same settings with the prices of a moment; they are still to be set up.</summary>
    internal TenantSettings At(DateTimeOffset at)
    {
        if (HoldAt(at))
        {
            return this;
        }

        var priced = (TenantSettings)MemberwiseClone();
        var arms = _arms.ToDictionary(arm => arm.Id, arm => arm.Model, StringComparer.Ordinal);
        priced.Setup = new TenantSetup();
        priced.IsKept = false;
        priced.PricesSince = _priceDates.LastOrDefault(date => date <= at, DateTimeOffset.MinValue);
        priced.PricesUntil = _priceDates.FirstOrDefault(date => date > at, DateTimeOffset.MaxValue);
        priced.Configuration = Configuration with { Arms = Known(null, at) };
        priced.ShadowConfiguration = Shadow.ToConfiguration(priced.Configuration, new SettingsErrors("", []));
        priced.Targets = Targets.ToDictionary(target => target.Key, target => arms[target.Key].Priced(target.Value, at), StringComparer.Ordinal);
        priced.EmbeddingTargets = EmbeddingModels.All.Where(model => EmbeddingTargets.ContainsKey(model.Id)).DistinctBy(model => model.Id)
            .ToDictionary(model => model.Id, model => model.Priced(EmbeddingTargets[model.Id], at), StringComparer.Ordinal);
        priced.AllTargets = Joined(priced.Targets, priced.EmbeddingTargets);
        return priced;
    }

    private static IReadOnlyDictionary<string, ArmTarget> Joined(IReadOnlyDictionary<string, ArmTarget> arms, IReadOnlyDictionary<string, ArmTarget> others)
    {
        if (others.Count == 0)
        {
            return arms;
        }

        var all = new Dictionary<string, ArmTarget>(arms, StringComparer.Ordinal);
        foreach (var (id, target) in others)
        {
            all.TryAdd(id, target);
        }

        return all;
    }

    private Dictionary<string, ArmTarget> ReadTargets(IReadOnlyDictionary<string, UpstreamSettings> upstreams, SettingsErrors errors)
    {
        var targets = new Dictionary<string, ArmTarget>(StringComparer.Ordinal);
        foreach (var arm in _arms)
        {
            if (arm.Model.FindTarget((upstream, _) => arm.Model.At(upstream, Configuration.Arms[arm.Index]), upstreams, errors.At(arm.Index)) is { } target)
            {
                targets.TryAdd(arm.Id, arm.Of(target, _retrievers));
            }
        }

        return targets;
    }

    /// <summary>What a policy knows of the arms.</summary>
    /// <param name="place">The list of models; null once that is known to be right.</param>
    /// <param name="at">The moment that prices are wanted of.</param>
    private Arm[] Known(SettingsErrors? place, DateTimeOffset at)
    {
        Arm[] models = [.. Arms.Select((arm, i) => Of(arm.ToArm(place?.At(i), at, _caches[i])))];
        return [.. _arms.Select(arm => arm.Of(models[arm.Index], _retrievers))];
    }

    /// <summary>The policy core names its members in Pascal case; the file has them in camel case.</summary>
    private string JsonField(string field, SettingsErrors errors)
    {
        if (ArmField().Match(field) is { Success: true } arm && int.Parse(arm.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is var index && index >= Arms.Count)
        {
            return string.Concat(_arms[index].Place(errors.At("arms")).Path.AsSpan(errors.Path.Length + 1), ".", Camel(arm.Groups[2].Value));
        }

        return field == "Canary.Arm" ? "canary.model" : Camel(field);
    }

    [GeneratedRegex(@"^Arms\[(\d+)\]\.(.+)$")]
    private static partial Regex ArmField();

    private static string Camel(string field) =>
        string.Join('.', field.Split('.').Select(part => char.ToLowerInvariant(part[0]) + part[1..]));

    private bool FollowsConversations => Conversations.Enabled && Shards <= 1;

    // Where no conversation is followed nobody asks for caches, and the configuration is that of releases before.
    private Arm Of(Arm arm) => FollowsConversations ? arm : arm with { PromptCache = null };
}
