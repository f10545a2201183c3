using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Management;

namespace MetaLlm.Gateway.Configuration;

/// <summary>
/// The configuration of the gateway. Once read it does not change: a change is a new one. A host with settings of its own derives from it.
/// </summary>
public class MetaLlmSettings
{
    /// <summary>Name of the section that holds it.</summary>
    public const string SectionName = "MetaLlm";

    private readonly Lock _keeping = new();

    /// <summary>Tenant of callers without a key, which are served on loopback only; without it they are refused.</summary>
    [StringLength(TenantSettings.LongestId)]
    public string? AnonymousTenant { get; init; }

    /// <summary>Who may read <c>/metrics</c>; without a key only callers on this machine.</summary>
    public KeySettings Metrics { get; init; } = new();

    /// <summary>Who manages tenants; without a key nobody.</summary>
    public KeySettings Admin { get; init; } = new();

    /// <summary>What upstreams are told of traces.</summary>
    [NeedsRestart]
    public TracingSettings Tracing { get; init; } = new();

    /// <summary>How large requests may be, and how much of them is taken in at once.</summary>
    public GatewayLimits Limits { get; init; } = new();

    /// <summary>Which pages in browsers may call.</summary>
    public CorsSettings Cors { get; init; } = new();

    /// <summary>What is kept of responses.</summary>
    public ResponsesSettings Responses { get; init; } = new();

    /// <summary>What is kept of answers to requests that may come again.</summary>
    public IdempotencySettings Idempotency { get; init; } = new();

    /// <summary>Files and batches of tenants.</summary>
    public BatchSettings Batches { get; init; } = new();

    /// <summary>How stubbornly calls are rerouted, and when a model counts as failing.</summary>
    [NeedsRestart]
    public RoutingOptions Routing { get; init; } = new();

    /// <summary>The services that calls go to, by names of your choice; at least one, but for silos.</summary>
    public IReadOnlyDictionary<string, UpstreamSettings> Upstreams { get; init; } = new Dictionary<string, UpstreamSettings>();

    /// <summary>Checks of texts, by names of your choice, of which tenants choose.</summary>
    public IReadOnlyDictionary<string, GuardrailSettings> Guardrails { get; init; } = new Dictionary<string, GuardrailSettings>();

    /// <summary>Values of the header <c>anthropic-beta</c> that clients may send on to Anthropic with requests in its format; others of theirs stay here. The model's own go with every request.</summary>
    public IReadOnlyList<string> AnthropicBetas { get; init; } = ["mcp-client-2025-04-04", "mcp-client-2025-11-20"];

    /// <summary>What looks text up for prompts, by names of your choice. Variants of models name them.</summary>
    public IReadOnlyDictionary<string, RetrieverSettings> Retrievers { get; init; } = new Dictionary<string, RetrieverSettings>();

    /// <summary>
    /// The tenants, each with its keys, models and budget; at least one, but for silos and where <c>admin.keyEnvironment</c> is given, with whose key tenants are created over HTTP.
    /// </summary>
    [JsonPropertyName("tenants")]
    public IReadOnlyList<TenantSettings> TenantList { get; init; } = [];

    /// <summary>Tenants by id.</summary>
    public IReadOnlyDictionary<string, TenantSettings> Tenants { get; private set; } = new Dictionary<string, TenantSettings>();

    /// <summary>SHA-256 of the key that scrapers of <c>/metrics</c> send; null to serve them on loopback alone.</summary>
    public byte[]? MetricsKeyHash => Metrics.KeyHash;

    /// <summary>SHA-256 of the key that manages tenants; null when nobody may.</summary>
    public byte[]? AdminKeyHash => Admin.KeyHash;

    /// <summary>Whether the process is of no use without tenants and upstreams.</summary>
    protected virtual bool NeedsTenants => true;

    /// <summary>Derives what is not said itself, and checks what members say together.</summary>
    /// <param name="context">Environment and overrides.</param>
    /// <param name="errors">Receives every contradiction.</param>
    public virtual void Complete(SettingsContext context, SettingsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(errors);
        Admin.Complete(errors.At("admin"));
        Metrics.Complete(errors.At("metrics"));
        Cors.Complete(AnonymousTenant is not null, errors.At("cors"));
        errors.At("routing").AddContradictions(Routing);
        foreach (var (name, upstream) in Upstreams)
        {
            upstream.Complete(name, context, errors.At("upstreams").At(name));
        }

        if (Upstreams.Values.Count(u => u.Kind == UpstreamKind.Simulator) > 1)
        {
            errors.Add("upstreams", "has more than one of kind 'simulator'; the host plays one.");
        }

        foreach (var (name, guardrail) in Guardrails)
        {
            guardrail.Complete(errors.At("guardrails").At(name));
        }

        foreach (var (name, retriever) in Retrievers)
        {
            retriever.Complete(errors.At("retrievers").At(name));
        }

        CompleteTenants(errors);
        if (NeedsTenants && Upstreams.Count == 0)
        {
            errors.Add("upstreams", "is empty; at least one upstream is needed.");
        }

        if (NeedsTenants && TenantList.Count == 0 && Admin.Key is null)
        {
            errors.Add("tenants", "is empty; at least one tenant is needed, or admin.keyEnvironment (or admin.keyFile), with whose key tenants are created over HTTP.");
        }

        if (AnonymousTenant is { } anonymous && !Tenants.ContainsKey(anonymous))
        {
            errors.Add("anonymousTenant", $"is '{anonymous}', which is no tenant; tenants are {string.Join(", ", Tenants.Keys)}.");
        }
    }

    /// <summary>Lets a tenant keep its settings of before.</summary>
    /// <param name="tenant">Those settings.</param>
    /// <param name="instead">The settings that they stand for.</param>
    internal void Keep(TenantSettings tenant, TenantSettings instead)
    {
        lock (_keeping)
        {
            if (Tenants.GetValueOrDefault(instead.Id) == instead)
            {
                Tenants = new Dictionary<string, TenantSettings>(Tenants, StringComparer.Ordinal) { [instead.Id] = tenant };
            }
        }
    }

    /// <summary>Gives a tenant the prices of a moment.</summary>
    /// <param name="tenant">Its settings, as they stand in these.</param>
    /// <param name="at">The moment.</param>
    /// <returns>The settings that stand in these now.</returns>
    internal TenantSettings Price(TenantSettings tenant, DateTimeOffset at)
    {
        lock (_keeping)
        {
            if (Tenants.GetValueOrDefault(tenant.Id) is not { } current || current.HoldAt(at))
            {
                return Tenants.GetValueOrDefault(tenant.Id) ?? tenant;
            }

            var priced = current.At(at);
            Tenants = new Dictionary<string, TenantSettings>(Tenants, StringComparer.Ordinal) { [tenant.Id] = priced };
            return priced;
        }
    }

    /// <summary>Gives all tenants the prices of a moment.</summary>
    /// <param name="at">The moment.</param>
    internal void Price(DateTimeOffset at)
    {
        foreach (var tenant in Tenants.Values.Where(tenant => !tenant.HoldAt(at)))
        {
            Price(tenant, at);
        }
    }

    private static void RefuseUnnameable(IEnumerable<string> models, SettingsErrors errors)
    {
        foreach (var (index, id) in models.Index().Where(model => !ModelIds.IsNameable(model.Item)))
        {
            errors.At(index).Add("id", ModelIds.Problem(id));
        }
    }

    private void CompleteTenants(SettingsErrors errors)
    {
        var tenants = new Dictionary<string, TenantSettings>(StringComparer.Ordinal);
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < TenantList.Count; i++)
        {
            var tenant = TenantList[i];
            var place = errors.At("tenants").At(i);
            tenant.Complete(Upstreams, Retrievers, Guardrails, keys, place);
            if (tenant.Challenger.Promote == ChallengerPromotion.Automatic)
            {
                place.At("challenger").Add("promote", "is automatic; a tenant of the configuration file changes by the file alone, so that 'manual' is left.");
            }

            RefuseUnnameable(tenant.Arms.Select(arm => arm.Id), place.At("arms"));
            RefuseUnnameable(tenant.EmbeddingModelList.Select(model => model.Id), place.At("embeddingModels"));
            if (tenant.Id.Length > 0 && !tenants.TryAdd(tenant.Id, tenant))
            {
                place.Add("id", $"is '{tenant.Id}', which another tenant has already; ids must be unique.");
            }
        }

        // A key says who is calling; one that says two things would let a tenant manage all others.
        if (Admin.Key is { Length: > 0 } admin && keys.TryGetValue(admin, out var owner))
        {
            errors.Add($"admin.{Admin.KeyMember}", $"names a key that tenant '{owner}' has too; every key must be another.");
        }

        if (Metrics.Key is { Length: > 0 } metrics && (metrics == Admin.Key || keys.ContainsKey(metrics)))
        {
            errors.Add($"metrics.{Metrics.KeyMember}", "names a key that manages tenants or belongs to one; every key must be another.");
        }

        Tenants = tenants;
    }
}
