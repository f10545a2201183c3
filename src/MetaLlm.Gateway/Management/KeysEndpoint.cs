using System.ComponentModel;
using System.Text.Json;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary>Keys of tenants at <c>/admin/v1/tenants/{tenant}/keys</c>, and those that manage at <c>/admin/v1/keys</c>.</summary>
internal sealed class KeysEndpoint(KeyAdministration keys)
{
    private const int MostBytes = 16 * 1024;

    public Task<ApiResult<ListBody<KeyBody>>> ListAsync(HttpContext context, [Description("The tenant.")] string tenant) => ListOfAsync(context, tenant);

    public Task<ApiResult<ListBody<KeyBody>>> ListManagingAsync(HttpContext context) => ListOfAsync(context, null);

    public Task<ApiResult<KeyBody>> CreateAsync(HttpContext context, [Description("The tenant.")] string tenant) => CreateOfAsync(context, tenant);

    public Task<ApiResult<KeyBody>> CreateManagingAsync(HttpContext context) => CreateOfAsync(context, null);

    public Task<ApiResult<DeletedBody>> DeleteAsync(HttpContext context, [Description("The tenant.")] string tenant, [Description("Id of the key.")] string id) =>
        DeleteOfAsync(context, tenant, id);

    public Task<ApiResult<DeletedBody>> DeleteManagingAsync(HttpContext context, [Description("Id of the key.")] string id) => DeleteOfAsync(context, null, id);

    private async Task<ApiResult<ListBody<KeyBody>>> ListOfAsync(HttpContext context, string? tenant)
    {
        var found = await keys.ListAsync(tenant, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<ListBody<KeyBody>>(new ListBody<KeyBody> { Data = [.. found.Select(key => AdminViews.Of(key))] });
    }

    private async Task<ApiResult<KeyBody>> CreateOfAsync(HttpContext context, string? tenant)
    {
        using var wanted = AdminRequest.IsEmpty(context)
            ? JsonDocument.Parse("{}")
            : RequestBodyReader.Parse(await RequestBodyReader.ReadAsync(context, MostBytes, null, "application/json").ConfigureAwait(false));
        var (key, text) = await keys.CreateAsync(context.Admin(), tenant, wanted.RootElement, context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.CacheControl = "no-store";
        return new ApiResult<KeyBody>(AdminViews.Of(key, text));
    }

    private async Task<ApiResult<DeletedBody>> DeleteOfAsync(HttpContext context, string? tenant, string id)
    {
        await keys.RevokeAsync(context.Admin(), tenant, id, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<DeletedBody>(new DeletedBody { Id = id });
    }
}
