using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A model that gives vectors of texts (<c>POST /v1/embeddings</c>).</summary>
public sealed class EmbeddingModelSettings
{
    internal const int MostDimensions = 65_536;

    /// <summary>Name of the model towards clients, unique among all models of the tenant.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength), RegularExpression(ArmSettings.IdPattern, ErrorMessage = ArmSettings.IdRule)]
    public required string Id { get; init; } = "";

    /// <summary>Name of the upstream that serves it, of a kind that speaks the OpenAI format or Azure's.</summary>
    public required string Upstream { get; init; } = "";

    /// <summary>The upstream's name of the model; without it, the id.</summary>
    public string? Model { get; init; }

    /// <summary>List price of a million tokens, USD.</summary>
    [Range(0.0, ArmSettings.MaxUsdPerMillion)]
    public double InputUsdPerMillion { get; init; }

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

    /// <summary>What stands behind it; null where its upstream is not there.</summary>
    internal ArmTarget? Target { get; private set; }

    /// <param name="upstreams">The upstreams, by name.</param>
    /// <param name="errors">Receives every contradiction.</param>
    internal void Complete(IReadOnlyDictionary<string, UpstreamSettings> upstreams, SettingsErrors errors)
    {
        Additions.Check(errors);
        if (!upstreams.TryGetValue(Upstream, out var upstream))
        {
            if (Upstream.Length > 0)
            {
                errors.Add("upstream", $"is '{Upstream}'; upstreams are {string.Join(", ", upstreams.Keys)}.");
            }

            return;
        }

        if (!upstream.Endpoint.Takes(CallKind.Embeddings))
        {
            errors.Add("upstream", $"is '{Upstream}', whose kind has no embeddings; it must be of a kind that speaks the OpenAI format or Azure's.");
        }

        Target = new ArmTarget(upstream.Endpoint, Model ?? Id, TokenPrices.PerMillion(InputUsdPerMillion, 0))
        {
            Options = new CallOptions { Headers = Additions.AllHeaders, Query = Additions.WholeQuery, Dimensions = Dimensions ?? 0, ContextTokens = ContextTokens },
            HasOwnPrices = true,
        };
    }
}
