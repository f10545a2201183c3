using System.ComponentModel;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary><c>/admin/v1/tenants</c> and one tenant below it.</summary>
internal sealed class TenantsEndpoint(TenantAdministration administration)
{
    private const int MostListed = 1000;

    public async Task<ApiResult<PageBody<TenantBody>>> ListAsync(
        HttpContext context,
        [Description("Most tenants, 1 to 1000; 100 without it.")] string? limit,
        [Description("The id that they come after: `next` of the part before.")] string? after)
    {
        var most = (int)AdminRequest.Number(context, "limit", 100, 1, MostListed);
        var found = await administration.ListAsync(after, most + 1, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<PageBody<TenantBody>>(new PageBody<TenantBody>
        {
            Data = [.. found.Take(most).Select(AdminViews.Of)],
            HasMore = found.Count > most,
            Next = found.Count > most ? found[most - 1].Id : null,
        });
    }

    public async Task<ApiResult<TenantBody>> CreateAsync(HttpContext context)
    {
        var body = await AdminRequest.ObjectAsync(context).ConfigureAwait(false);
        return Answer(context, await administration.CreateAsync(context.Admin(), body, context.RequestAborted).ConfigureAwait(false));
    }

    public async Task<ApiResult<TenantBody>> GetAsync(HttpContext context, [Description("The tenant.")] string tenant) =>
        Answer(context, await administration.FindAsync(tenant, context.RequestAborted).ConfigureAwait(false));

    public async Task<ApiResult<TenantBody>> PutAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var body = await AdminRequest.ObjectAsync(context).ConfigureAwait(false);
        return Answer(context, await administration.PutAsync(context.Admin(), tenant, body, AdminRequest.Revision(context), context.RequestAborted).ConfigureAwait(false));
    }

    public async Task<ApiResult<TenantBody>> PatchAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var patch = await AdminRequest.ObjectAsync(context, isPatch: true).ConfigureAwait(false);
        return Answer(context, await administration.EditAsync(
            context.Admin(), tenant, AdminRequest.Revision(context), document => MergePatch.Apply(document, patch), context.RequestAborted).ConfigureAwait(false));
    }

    public async Task<ApiResult<DeletedBody>> DeleteAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        await administration.DeleteAsync(context.Admin(), tenant, AdminRequest.Revision(context), context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<DeletedBody>(new DeletedBody { Id = tenant });
    }

    private static ApiResult<TenantBody> Answer(HttpContext context, ManagedTenant tenant)
    {
        AdminRequest.Tag(context, tenant);
        return new ApiResult<TenantBody>(AdminViews.Of(tenant));
    }
}
