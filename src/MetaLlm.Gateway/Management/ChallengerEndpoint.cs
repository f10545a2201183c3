using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Rollout.Challengers;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary><c>/admin/v1/tenants/{tenant}/challenger</c>: the policy that would take the place of a tenant's, and what becomes of it.</summary>
internal sealed class ChallengerEndpoint(TenantAdministration administration, ChallengerAdministration challengers)
{
    public async Task<ApiResult<ChallengerBody>> GetAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        AdminRequest.Tag(context, await administration.FindAsync(tenant, context.RequestAborted).ConfigureAwait(false));
        return new ApiResult<ChallengerBody>(await challengers.LookAsync(tenant, context.RequestAborted).ConfigureAwait(false));
    }

    public async Task<ApiResult<ChallengerBody>> PutAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var body = await AdminRequest.ObjectAsync(context).ConfigureAwait(false);
        AdminRequest.Tag(context, await challengers.PutAsync(context.Admin(), tenant, body, AdminRequest.Revision(context), context.RequestAborted).ConfigureAwait(false));
        return new ApiResult<ChallengerBody>(await challengers.ShowAsync(tenant, context.RequestAborted).ConfigureAwait(false));
    }

    public async Task<ApiResult<ChallengerBody>> DeleteAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        AdminRequest.Tag(context, await challengers.DeleteAsync(context.Admin(), tenant, AdminRequest.Revision(context), context.RequestAborted).ConfigureAwait(false));
        return new ApiResult<ChallengerBody>(await challengers.ShowAsync(tenant, context.RequestAborted).ConfigureAwait(false));
    }

    public async Task<ApiResult<ChallengerBody>> PromoteAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var force = await ForcesAsync(context).ConfigureAwait(false);
        return new ApiResult<ChallengerBody>(await challengers.PromoteAsync(context.Admin(), tenant, force, AdminRequest.Revision(context), context.RequestAborted).ConfigureAwait(false));
    }

    public async Task<ApiResult<ChallengerBody>> RollBackAsync(HttpContext context, [Description("The tenant.")] string tenant) =>
        new(await challengers.RollBackAsync(context.Admin(), tenant, AdminRequest.Revision(context), context.RequestAborted).ConfigureAwait(false));

    private static async Task<bool> ForcesAsync(HttpContext context)
    {
        var body = AdminRequest.IsEmpty(context) ? [] : await AdminRequest.ObjectAsync(context).ConfigureAwait(false);
        foreach (var (name, _) in body.Where(member => member.Key != "force"))
        {
            throw ApiException.BadField(name, "is not known; known is force.");
        }

        return body["force"] switch
        {
            null => false,
            JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
            var other => throw ApiException.BadField("force", $"is {other.ToJsonString()}; it must be true or false."),
        };
    }
}
