using System.ComponentModel;
using System.Text.Json.Nodes;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary>Models, budget and policy of a tenant: parts of its document, each with a URL of its own.</summary>
internal sealed class TenantPartsEndpoint(TenantAdministration administration)
{
    private const string Arms = "arms";
    private const string Budget = "budget";

    /// <summary>Members of a tenant's document that say how it is routed.</summary>
    private static readonly string[] OfPolicy =
        ["policy", "policyOptions", "policyRestart", "explorationFloor", "seed", "priceWeight", "latencyWeight", "qualityFloor", "context", "missingReward", "routeExpiry"];

    public async Task<ApiResult<ListBody<DocumentBody>>> ModelsAsync(HttpContext context, [Description("The tenant.")] string tenant) =>
        Models(context, await administration.FindAsync(tenant, context.RequestAborted).ConfigureAwait(false));

    public async Task<ApiResult<ListBody<DocumentBody>>> PutModelsAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var body = await AdminRequest.NodeAsync(context).ConfigureAwait(false);
        var list = body as JsonArray ?? body?["data"] as JsonArray ?? throw ApiException.BadField("body", "is no list of models, nor an object whose 'data' is one.");
        return Models(context, await EditAsync(context, tenant, document => document[Arms] = list.DeepClone()).ConfigureAwait(false));
    }

    public async Task<ApiResult<ListBody<DocumentBody>>> AddModelAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var arm = await AdminRequest.ObjectAsync(context).ConfigureAwait(false);
        return Models(context, await EditAsync(context, tenant, document =>
        {
            var arms = Of(document);
            if (Id(arm) is { } id && arms.Any(other => Id(other) == id))
            {
                throw new ApiException(ErrorCode.ModelExists, $"Tenant '{tenant}' has a model '{id}' already.", "id");
            }

            arms.Add(arm.DeepClone());
        }).ConfigureAwait(false));
    }

    public async Task<ApiResult<ListBody<DocumentBody>>> DeleteModelAsync(
        HttpContext context, [Description("The tenant.")] string tenant, [Description("The model; a slash in its id is sent as `%2F`.")] string model)
    {
        var id = model.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return Models(context, await EditAsync(context, tenant, document =>
        {
            if (Of(document).FirstOrDefault(arm => Id(arm) == id) is not { } found)
            {
                throw new ApiException(ErrorCode.ModelNotFound, $"Tenant '{tenant}' has no model '{id}'.", "model");
            }

            Of(document).Remove(found);
        }).ConfigureAwait(false));
    }

    public async Task<ApiResult<DocumentBody>> BudgetAsync(HttpContext context, [Description("The tenant.")] string tenant) =>
        BudgetOf(context, await administration.FindAsync(tenant, context.RequestAborted).ConfigureAwait(false));

    public async Task<ApiResult<DocumentBody>> PutBudgetAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var body = await AdminRequest.ObjectAsync(context).ConfigureAwait(false);
        return BudgetOf(context, await EditAsync(context, tenant, document => document[Budget] = body.DeepClone()).ConfigureAwait(false));
    }

    public async Task<ApiResult<DocumentBody>> PolicyAsync(HttpContext context, [Description("The tenant.")] string tenant) =>
        PolicyOf(context, await administration.FindAsync(tenant, context.RequestAborted).ConfigureAwait(false));

    public async Task<ApiResult<DocumentBody>> PutPolicyAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var body = await AdminRequest.ObjectAsync(context).ConfigureAwait(false);
        foreach (var (name, _) in body.Where(member => !OfPolicy.Contains(member.Key)))
        {
            throw ApiException.BadField(name, $"is not known; known are {string.Join(", ", OfPolicy)}.");
        }

        return PolicyOf(context, await EditAsync(context, tenant, document =>
        {
            foreach (var name in OfPolicy)
            {
                document.Remove(name);
            }

            foreach (var (name, value) in body)
            {
                document[name] = value?.DeepClone();
            }
        }).ConfigureAwait(false));
    }

    private static JsonArray Of(JsonObject document)
    {
        if (document[Arms] is not JsonArray arms)
        {
            document[Arms] = arms = [];
        }

        return arms;
    }

    private static string? Id(JsonNode? arm) => arm is JsonObject && arm["id"] is JsonValue value && value.TryGetValue(out string? id) ? id : null;

    private static ApiResult<ListBody<DocumentBody>> Models(HttpContext context, ManagedTenant tenant)
    {
        AdminRequest.Tag(context, tenant);
        return new ApiResult<ListBody<DocumentBody>>(new ListBody<DocumentBody> { Data = [.. Of(tenant.Document).OfType<JsonObject>().Select(AdminViews.Of)] });
    }

    private static ApiResult<DocumentBody> BudgetOf(HttpContext context, ManagedTenant tenant)
    {
        AdminRequest.Tag(context, tenant);
        return new ApiResult<DocumentBody>(AdminViews.Of(tenant.Document[Budget] as JsonObject ?? []));
    }

    private static ApiResult<DocumentBody> PolicyOf(HttpContext context, ManagedTenant tenant)
    {
        AdminRequest.Tag(context, tenant);
        return new ApiResult<DocumentBody>(AdminViews.Of(new JsonObject(
            tenant.Document.Where(member => OfPolicy.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())))));
    }

    private Task<ManagedTenant> EditAsync(HttpContext context, string tenant, Action<JsonObject> edit) =>
        administration.EditAsync(context.Admin(), tenant, AdminRequest.Revision(context), edit, context.RequestAborted);
}
