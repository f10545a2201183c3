using MetaLlm.Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Http;

/// <summary>An answer with one of the bodies of <see cref="ApiJsonContext"/>, whatever the application's own JSON options are.</summary>
/// <param name="body">The body.</param>
internal sealed class ApiResult<T>(T body) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => ApiJson.WriteAsync(httpContext, body);
}
