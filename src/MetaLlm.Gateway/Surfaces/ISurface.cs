using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Surfaces;

/// <summary>A format in which clients ask and are answered. Routing, calls and money know chat completions alone: a surface translates its requests into one and the answer back.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal interface ISurface
{
    /// <summary>Reads a request.</summary>
    /// <param name="context">The request; its tenant is known.</param>
    /// <param name="body">Its body as it came.</param>
    /// <exception cref="ApiException">The body is no JSON, or asks for what the surface does not have; the error names the field as the client knows it.</exception>
    ValueTask<SurfaceRequest> ReadAsync(HttpContext context, byte[] body);

    /// <summary>What a model said against a request, as an error of this surface; null where the client gets its very words.</summary>
    ApiError? Translate(UpstreamObjection objection);
}
