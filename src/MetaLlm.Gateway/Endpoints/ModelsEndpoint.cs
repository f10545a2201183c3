using System.ComponentModel;
using System.Globalization;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces.Messages;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>: <c>auto</c>, the tenant's enabled arms and embedding models, its vector spaces, and its aliases.</summary>
internal static class ModelsEndpoint
{
    private const int MostOfPage = 1000;
    private const int UsualPage = 20;

    public static IResult List(HttpContext context) => MessagesErrors.IsVersioned(context.Request)
        ? new ApiResult<MessagesModelListBody>(Page(context))
        : new ApiResult<ListBody<ModelBody>>(new ListBody<ModelBody> { Data = [.. Models(context.Tenant())] });

    public static IResult Find(HttpContext context, [Description("`auto`, or the id of a model; it may hold slashes.")] string id)
    {
        var wanted = ModelNames.IsAuto(id) ? ModelNames.Auto : id;
        var isAnthropic = MessagesErrors.IsVersioned(context.Request);
        var model = (isAnthropic ? Chats(context.Tenant()) : Models(context.Tenant())).FirstOrDefault(m => m.Id == wanted)
            ?? throw new ApiException(ErrorCode.ModelNotFound, $"The model '{id}' does not exist; GET /v1/models lists those that do.", "model");
        return isAnthropic ? new ApiResult<MessagesModelBody>(OfAnthropic(model)) : new ApiResult<ModelBody>(model);
    }

    /// <summary>What follows an id, or stands before one, as many as are asked for.</summary>
    private static MessagesModelListBody Page(HttpContext context)
    {
        var query = context.Request.Query;
        var all = Chats(context.Tenant()).ToList();
        var limit = Limit(query["limit"]);
        var start = query["after_id"].ToString() is { Length: > 0 } after ? Place(all, after, "after_id") + 1 : 0;
        var end = query["before_id"].ToString() is { Length: > 0 } before ? Place(all, before, "before_id") : all.Count;
        var isBackwards = query.ContainsKey("before_id") && !query.ContainsKey("after_id");
        var found = all[Math.Min(start, end)..end];
        var page = isBackwards ? found[^Math.Min(limit, found.Count)..] : found[..Math.Min(limit, found.Count)];
        return new MessagesModelListBody
        {
            Data = [.. page.Select(OfAnthropic)],
            HasMore = page.Count < found.Count,
            FirstId = page.FirstOrDefault()?.Id,
            LastId = page.LastOrDefault()?.Id,
        };
    }

    private static int Limit(string? text) => string.IsNullOrEmpty(text) ? UsualPage
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostOfPage ? limit
        : throw ApiException.BadField("limit", $"is '{text}'; it must be a whole number from 1 to {MostOfPage}.");

    private static int Place(List<ModelBody> models, string id, string field) => models.FindIndex(model => model.Id == id) is >= 0 and var place
        ? place
        : throw ApiException.BadField(field, $"is '{id}', which is no model of the list.");

    private static MessagesModelBody OfAnthropic(ModelBody model) =>
        new() { Id = model.Id, DisplayName = model.Id, MaxInputTokens = model.Metallm?.ContextTokens, Metallm = model.Metallm };

    private static IEnumerable<ModelBody> Models(TenantSettings tenant) => Chats(tenant).Concat(Embeddings(tenant));

    private static List<ModelBody> Embeddings(TenantSettings tenant)
    {
        var models = tenant.EmbeddingModels;
        List<ModelBody> found = [.. models.All.Where(model => model.Enabled && tenant.EmbeddingTargets.ContainsKey(model.Id)).Select(model => Of(model, tenant.EmbeddingTargets[model.Id]))];
        found.AddRange(models.Spaces
            .Where(space => models.All.All(model => model.Id != space.Key))
            .Select(space => space.FirstOrDefault(model => model.Enabled) is { } first ? found.Find(model => model.Id == first.Id) : null).OfType<ModelBody>()
            .Select(first => first with { Id = first.Metallm!.Space!, OwnedBy = "metallm" }).ToList());
        found.AddRange([.. tenant.Aliases.Select(alias => found.Find(model => model.Id == alias.Value) is { } model ? model with { Id = alias.Key } : null).OfType<ModelBody>()]);
        return found;
    }

    private static ModelBody Of(EmbeddingModelSettings model, ArmTarget target) => new()
    {
        Id = model.Id,
        OwnedBy = target.Endpoint.Name,
        Metallm = new ModelDetailsBody
        {
            InputUsdPerMillion = target.Prices.Input * 1e6,
            CachedInputUsdPerMillion = target.Prices.Input * 1e6,
            OutputUsdPerMillion = 0,
            Prices = target.PriceList.Count == 0 ? null : [.. target.PriceList.Select(View)],
            ContextTokens = model.ContextTokens == 0 ? null : model.ContextTokens,
            Capabilities = ["embeddings"],
            Space = model.SpaceName,
            Dimensions = model.Dimensions,
        },
    };

    private static IEnumerable<ModelBody> Chats(TenantSettings tenant)
    {
        var auto = new ModelBody { Id = ModelNames.Auto, OwnedBy = "metallm" };
        yield return auto;
        foreach (var arm in tenant.Configuration.Arms.Where(a => a.Enabled))
        {
            yield return Of(arm, tenant);
        }

        foreach (var (alias, model) in tenant.Aliases)
        {
            if (ModelNames.IsAuto(model))
            {
                yield return auto with { Id = alias };
            }
            else if (tenant.Configuration.Arms.FirstOrDefault(a => a.Id == model && a.Enabled) is { } arm)
            {
                yield return Of(arm, tenant) with { Id = alias };
            }
        }
    }

    private static ModelBody Of(Arm arm, TenantSettings tenant) => new() { Id = arm.Id, OwnedBy = tenant.Targets[arm.Id].Endpoint.Name, Metallm = Details(arm, tenant.Targets[arm.Id].PriceList) };

    private static ModelDetailsBody Details(Arm arm, IReadOnlyList<DatedPrices> prices) => new()
    {
        InputUsdPerMillion = arm.Prices.Input * 1e6,
        CachedInputUsdPerMillion = arm.Prices.CachedInput * 1e6,
        OutputUsdPerMillion = arm.Prices.Output * 1e6,
        Prices = prices.Count == 0 ? null : [.. prices.Select(View)],
        ContextTokens = arm.ContextTokens == 0 ? null : arm.ContextTokens,
        Capabilities = arm.Capabilities,
    };

    private static DatedPriceBody View(DatedPrices dated) => new()
    {
        From = dated.From == DateTimeOffset.MinValue ? null : dated.From,
        InputUsdPerMillion = dated.Prices.Input * 1e6,
        CachedInputUsdPerMillion = dated.Prices.CachedInput * 1e6,
        OutputUsdPerMillion = dated.Prices.Output * 1e6,
    };
}
