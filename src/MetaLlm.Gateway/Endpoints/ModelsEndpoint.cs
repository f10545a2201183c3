using System.ComponentModel;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>: <c>auto</c>, the tenant's enabled arms, and its aliases.</summary>
internal static class ModelsEndpoint
{
    public static ApiResult<ListBody<ModelBody>> List(HttpContext context) => new(new ListBody<ModelBody> { Data = [.. Models(context.Tenant())] });

    public static ApiResult<ModelBody> Find(HttpContext context, [Description("`auto`, or the id of a model; it may hold slashes.")] string id)
    {
        var wanted = ModelNames.IsAuto(id) ? ModelNames.Auto : id;
        return Models(context.Tenant()).FirstOrDefault(m => m.Id == wanted) is { } model
            ? new ApiResult<ModelBody>(model)
            : throw new ApiException(ErrorCode.ModelNotFound, $"The model '{id}' does not exist; GET /v1/models lists those that do.", "model");
    }

    private static IEnumerable<ModelBody> Models(TenantSettings tenant)
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
