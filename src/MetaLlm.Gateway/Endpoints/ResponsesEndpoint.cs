using System.ComponentModel;
using System.Text.Json;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces.Responses;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>/v1/responses/{id}</c>: responses that are kept. Another tenant's is as unknown as one that never was.</summary>
internal sealed class ResponsesEndpoint(ResponseHistory history)
{
    public async Task GetAsync(HttpContext context, [Description("The response's id.")] string id)
    {
        if (context.Request.Query["stream"] == "true")
        {
            throw ApiException.BadField("stream", "is true; a response that is kept comes whole, so that it must be false.");
        }

        var found = await history.FindAsync(context.Tenant().Id, id, context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(found.Response, context.RequestAborted).ConfigureAwait(false);
    }

    public async Task<ApiResult<DeletedResponseBody>> DeleteAsync(HttpContext context, [Description("The response's id.")] string id)
    {
        var tenant = context.Tenant().Id;
        await history.FindAsync(tenant, id, context.RequestAborted).ConfigureAwait(false);
        await history.Store.DeleteAsync(tenant, id, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<DeletedResponseBody>(new DeletedResponseBody { Id = id });
    }

    public async Task InputAsync(HttpContext context, [Description("The response's id.")] string id)
    {
        var found = await history.FindAsync(context.Tenant().Id, id, context.RequestAborted).ConfigureAwait(false);
        using var input = JsonDocument.Parse(found.Input);
        await ItemPage.AnswerAsync(context, [.. ItemPage.Named(input.RootElement, $"{found.Id}_in")]).ConfigureAwait(false);
    }
}
