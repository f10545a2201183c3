using System.Reflection;
using MetaLlm.Gateway.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace MetaLlm.Gateway.Http;

/// <summary>An answer with one of the bodies of <see cref="ApiJsonContext"/>, whatever the application's own JSON options are. It describes itself to OpenAPI.</summary>
/// <param name="body">The body.</param>
internal sealed class ApiResult<T>(T body) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext) => ApiJson.WriteAsync(httpContext, body);
}
