using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A model that a tenant's requests may be routed to.</summary>
public sealed class ArmSettings : IServedModel
{
    internal const double MaxUsdPerMillion = 1_000_000;

    // What an HTTP header can carry and gives back as it was.
    internal const string IdPattern = "[!-~]([ -~]*[!-~])?";
    internal const string IdRule = "ASCII letters, digits, signs and inner blanks are legal, since ids travel in headers";

    /// <summary>Name of the model towards clients, unique within the tenant.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength), RegularExpression(IdPattern, ErrorMessage = IdRule)]
    public required string Id { get; init; } = "";

    /// <summary>The id that it had before: what was learned and counted under that one goes on under the new one. It may stay in the file.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength)]
    public string? RenamedFrom { get; init; }

    /// <summary>Name of the upstream that serves it. It is needed unless all of <c>deployments</c> name one.</summary>
    public string? Upstream { get; init; }

    /// <summary>The upstream's name of the model; without it, the id.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// Places or keys that serve the same model, 16 at most; without the list, the upstream alone. A call goes to one that is drawn by weight, and to the next where that fails, before
    /// another model is tried.
    /// </summary>
    public IReadOnlyList<DeploymentSettings> Deployments { get; init; } = [];

    /// <summary>List price of a million prompt tokens, USD. A changed price counts at once and needs no relearning.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double InputUsdPerMillion { get; init; }

    /// <summary>List price of a million completion tokens, USD.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double OutputUsdPerMillion { get; init; }

    /// <summary>List price of a million prompt tokens that the upstream has cached, USD; without it, the price of prompt tokens.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double? CachedInputUsdPerMillion { get; init; }

    /// <summary>
    /// Prices that hold from later moments on, in order; those above hold until the first. A call costs what holds when it is made, whenever it ends.
    /// </summary>
    public IReadOnlyList<DatedPriceSettings> Prices { get; init; } = [];

    /// <summary>Whether new requests may be routed to it; feedback on past ones is learned from either way.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Longest prompt that it takes, tokens; 0 means unknown, which excludes nothing.</summary>
    [Range(0, int.MaxValue)]
    public int ContextTokens { get; init; }

    /// <summary>
    /// Most completion tokens that it gives in one answer, reasoning included. Caps set aside what a call can cost at most: for that the request's own limit counts, or
    /// this one, or without both <c>contextTokens</c>, or 16384 where that is unknown too. 0 means unknown.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int MaxOutputTokens { get; init; }

    /// <summary>What it can do beyond text, such as <c>tools</c>, <c>vision</c>, <c>json</c>; without the list, anything.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>Completion tokens to expect before anything was observed.</summary>
    [Range(1.0, 1e6)]
    public double PriorOutputTokens { get; init; } = 256;

    /// <summary>Seconds to the full answer to expect before anything was observed.</summary>
    [Range(0.0, 86_400.0)]
    public double PriorLatencySeconds { get; init; } = 2;

    /// <summary>What is expected of its answers before it was called.</summary>
    public CardSettings Card { get; init; } = new();

    /// <summary>
    /// Other ways of calling it, each a model of its own to policies and clients (<c>gpt-5:high</c>): with another effort, temperature or system prompt, or with retrieval.
    /// </summary>
    public IReadOnlyList<VariantSettings> Variants { get; init; } = [];

    /// <summary>How its provider caches prompts.</summary>
    public PromptCacheSettings PromptCache { get; init; } = new();

    /// <summary>How requests to it differ from those of clients.</summary>
    [Inline]
    public ArmRequestSettings Request { get; } = new();

    /// <summary>What every request to it gets; it goes before what its upstream adds.</summary>
    [Inline]
    public RequestAdditions Additions { get; } = new();

    private TokenPrices List => TokenPrices.PerMillion(InputUsdPerMillion, OutputUsdPerMillion, CachedInputUsdPerMillion);

    UsagePrices IServedModel.FirstPrices => Request.Prices(List);

    internal void Check(SettingsErrors errors)
    {
        if (ModelNames.IsAuto(Id))
        {
            errors.Add("id", $"is '{Id}', which asks for routing; an arm needs another id.");
        }

        this.CheckDeployments(errors);
        Request.Check(errors);
        Additions.Check(errors);
        this.CheckPrices(errors);
    }

    /// <summary>What stands behind it at one upstream.</summary>
    internal ArmTarget At(UpstreamSettings upstream, Arm arm)
    {
        var prices = this.PricesAt(DateTimeOffset.MinValue);
        return new ArmTarget(upstream.Endpoint, Model ?? Id, prices.List)
        {
            Options = upstream.Preset.Complete(Request.ToOptions(arm, prices)) with { Headers = Additions.AllHeaders, Query = Additions.WholeQuery },
            PriceList = this.PriceList(),
        };
    }

    /// <summary>What a policy knows of it.</summary>
    /// <param name="place">Its place in the configuration; null once that is known to be right.</param>
    /// <param name="at">The moment that prices are wanted of.</param>
    /// <param name="cache">How providers of its upstream's kind cache prompts; null where that is not known.</param>
    internal Arm ToArm(SettingsErrors? place, DateTimeOffset at, PromptCache? cache = null)
    {
        var (prices, input, output) = this.Expected(at);
        return new Arm
        {
            // What is wrong with an id was said; its place stands in, which no other has.
            Id = place is not null && (string.IsNullOrWhiteSpace(Id) || Id.Length > TenantConfigurationValidator.MaximumIdLength) ? place.Path : Id,
            RenamedFrom = RenamedFrom,
            Prices = prices,
            MostInputPrice = input,
            MostOutputPrice = output,
            Enabled = Enabled,
            ContextTokens = ContextTokens,
            MaxOutputTokens = MaxOutputTokens,
            Capabilities = Capabilities,
            PriorOutputTokens = PriorOutputTokens,
            PriorLatencySeconds = PriorLatencySeconds,
            Card = Card.ToCard(),
            PromptCache = PromptCache.ToCache(cache, Deployments.All(deployment => deployment.Prices is null) ? this.PricesAt(at).CacheWrite : prices.Input * TokenPrices.CacheWriteFactor, Request.CacheWriteUsdPerMillion is not null),
        };
    }
}
