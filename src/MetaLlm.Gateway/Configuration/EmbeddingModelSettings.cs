using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A model that gives vectors of texts (<c>POST /v1/embeddings</c>).</summary>
public sealed class EmbeddingModelSettings : IServedModel
{
    internal const int MostDimensions = 65_536;

    /// <summary>Name of the model towards clients, unique among all models of the tenant.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength), RegularExpression(ArmSettings.IdPattern, ErrorMessage = ArmSettings.IdRule)]
    public required string Id { get; init; } = "";

    /// <summary>Name of the upstream that serves it, of a kind that speaks the OpenAI format or Azure's. It is needed unless all of <c>deployments</c> name one.</summary>
    public string? Upstream { get; init; }

    /// <summary>The upstream's name of the model; without it, the id.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// Places or keys that serve the same model, 16 at most; without the list, the upstream alone. A call goes to one that is drawn by weight, and to the next where that fails, before
    /// another model of the space is tried.
    /// </summary>
    public IReadOnlyList<DeploymentSettings> Deployments { get; init; } = [];

    /// <summary>List price of a million tokens, USD.</summary>
    [Range(0.0, ArmSettings.MaxUsdPerMillion)]
    public double InputUsdPerMillion { get; init; }

    /// <summary>
    /// Prices that hold from later moments on, in order; the one above holds until the first. A call costs what holds when it is made, whenever it ends.
    /// </summary>
    public IReadOnlyList<DatedPriceSettings> Prices { get; init; } = [];

    /// <summary>
    /// The vector space: models of one space give the same vectors, which others' can never be compared with. Requests that name the space go to the cheapest healthy model in it, and a model
    /// that fails is replaced by one of its space alone. Without it the model has a space of its own, named after its id.
    /// </summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength), RegularExpression(ArmSettings.IdPattern, ErrorMessage = ArmSettings.IdRule)]
    public string? Space { get; init; }

    /// <summary>Numbers of a vector, unless the request asks for another length; the same for all models of a space. An answer with another length counts as a failure. Without it any length is taken.</summary>
    [Range(1, MostDimensions)]
    public int? Dimensions { get; init; }

    /// <summary>Longest text that it takes, tokens; 0 means unknown, which excludes nothing.</summary>
    [Range(0, int.MaxValue)]
    public int ContextTokens { get; init; }

    /// <summary>Whether new requests may be routed to it.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What every request to it gets; it goes before what its upstream adds.</summary>
    [Inline]
    public RequestAdditions Additions { get; } = new();

    /// <summary>The space, be it one of its own.</summary>
    internal string SpaceName => Space ?? Id;

    UsagePrices IServedModel.FirstPrices => UsagePrices.Of(TokenPrices.PerMillion(InputUsdPerMillion, 0), null, null, null);

    /// <param name="errors">Receives every contradiction.</param>
    internal void Check(SettingsErrors errors)
    {
        Additions.Check(errors);
        this.CheckDeployments(errors);
        this.CheckPrices(errors);
        for (var i = 0; i < Deployments.Count; i++)
        {
            Deployments[i].RefuseOutputs(errors.At("deployments").At(i));
        }

        for (var i = 0; i < Prices.Count; i++)
        {
            Prices[i].RefuseOutputs(errors.At("prices").At(i));
        }
    }

    /// <summary>What stands behind it at one upstream.</summary>
    /// <param name="upstream">The upstream.</param>
    /// <param name="errors">Receives what keeps it from serving.</param>
    internal ArmTarget At(UpstreamSettings upstream, SettingsErrors errors)
    {
        if (!upstream.Endpoint.Takes(CallKind.Embeddings))
        {
            errors.Add("upstream", $"is '{upstream.Endpoint.Name}', whose kind has no embeddings; it must be of a kind that speaks the OpenAI format or Azure's.");
        }

        var prices = this.PricesAt(DateTimeOffset.MinValue);
        return new ArmTarget(upstream.Endpoint, Model ?? Id, prices.List)
        {
            Options = new CallOptions { Headers = Additions.AllHeaders, Query = Additions.WholeQuery, Dimensions = Dimensions ?? 0, ContextTokens = ContextTokens, Prices = prices },
            PriceList = this.PriceList(),
            HasOwnPrices = true,
        };
    }
}
