using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace MetaLlm.Gateway.OpenApi;

/// <summary>Serves the API's description. Anybody may ask for it, and it does not change while the process runs, so it is made once.</summary>
internal sealed class DocumentEndpoint([FromKeyedServices(ApiDocument.Name)] IOpenApiDocumentProvider documents)
{
    private readonly Lazy<Task<byte[]>> _document = new(() => MakeAsync(documents));

    public async Task HandleAsync(HttpContext context)
    {
        var document = await _document.Value.ConfigureAwait(false);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = document.Length;
        await context.Response.Body.WriteAsync(document, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<byte[]> MakeAsync(IOpenApiDocumentProvider documents)
    {
        var document = await documents.GetOpenApiDocumentAsync().ConfigureAwait(false);
        using var stream = new MemoryStream();
        await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1).ConfigureAwait(false);
        return stream.ToArray();
    }
}
