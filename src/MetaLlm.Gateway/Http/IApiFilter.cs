using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Http;

/// <summary>Stands before endpoints: lets a request pass, answers it, or throws what <see cref="ErrorFilter"/> tells the client.</summary>
/// <remarks>The framework's own filters make it compile each endpoint by expressions when a host answers its first request, a third of a second of a processor for all of them.</remarks>
internal interface IApiFilter
{
    /// <summary>Handles a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="next">What comes after; its answer is written when it has ended.</param>
    Task InvokeAsync(HttpContext http, RequestDelegate next);
}
