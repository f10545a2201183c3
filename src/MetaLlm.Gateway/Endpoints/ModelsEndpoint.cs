using MetaLlm.Core.Arms;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>: <c>auto</c> and the tenant's enabled arms.</summary>
internal sealed class ModelsEndpoint
{
    private const string Auto = "auto";

    public static Task ListAsync(HttpContext context, TenantSettings tenant) =>
        ApiJson.WriteAsync(context, new { Object = "list", Data = Models(tenant).Select(m => m.Value) });

    public static Task FindAsync(HttpContext context, TenantSettings tenant)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        var found = Models(tenant).FirstOrDefault(m => m.Key == (id == "metallm/auto" ? Auto : id));
        return found.Value is { } model
            ? ApiJson.WriteAsync(context, model)
            : throw ApiException.NotFound("model_not_found", $"The model '{id}' does not exist; GET /v1/models lists those that do.", "model");
    }

    private static IEnumerable<KeyValuePair<string, object>> Models(TenantSettings tenant)
    {
        yield return new(Auto, new { Id = Auto, Object = "model", Created = 0, OwnedBy = "metallm" });
        foreach (var arm in tenant.Configuration.Arms.Where(a => a.Enabled))
        {
            yield return new(arm.Id, View(arm, tenant.Targets[arm.Id].Endpoint.Name));
        }
    }

    private static object View(Arm arm, string upstream) => new
    {
        arm.Id,
        Object = "model",
        Created = 0,
        OwnedBy = upstream,
        Metallm = new
        {
            InputUsdPerMillion = arm.Prices.Input * 1e6,
            CachedInputUsdPerMillion = arm.Prices.CachedInput * 1e6,
            OutputUsdPerMillion = arm.Prices.Output * 1e6,
            ContextTokens = arm.ContextTokens == 0 ? (int?)null : arm.ContextTokens,
            arm.Capabilities,
        },
    };
}
