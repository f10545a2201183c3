using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using MetaLlm.Engine.Responses;
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
        await WriteAsync(context, found.Response).ConfigureAwait(false);
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
        await WriteAsync(context, ItemPage.Write(context.Request.Query, Named(found, input.RootElement))).ConfigureAwait(false);
    }

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(json, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>The items with their ids; those that came without one have one made of their place.</summary>
    private static List<(string Id, JsonElement Item)> Named(StoredResponse response, JsonElement input) =>
        [.. input.EnumerateArray().Select((item, index) => (
            item.TryGetProperty("id", out var own) && own.ValueKind == JsonValueKind.String ? own.GetString()! : string.Create(CultureInfo.InvariantCulture, $"{response.Id}_in_{index}"), item))];
}
