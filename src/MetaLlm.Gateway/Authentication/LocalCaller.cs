using System.Net;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Authentication;

/// <summary>Whether a request comes from this machine itself, and not from somebody for whom a proxy on this machine passes it on.</summary>
internal static class LocalCaller
{
    /// <summary>What proxies and tunnels add; a program on this machine has no reason to.</summary>
    private static readonly string[] OfProxies =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Server", "X-Real-IP", "X-Original-For", "X-Envoy-External-Address", "Cf-Connecting-Ip", "True-Client-IP", "Via"];

    /// <summary>
    /// Whether the peer is on this machine and nothing says that it speaks for another. A proxy that adds nothing cannot be told from a program; the most common one
    /// then speaks HTTP/1.0, which counts as a proxy too.
    /// </summary>
    /// <param name="context">The request.</param>
    public static bool Is(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address) || HttpProtocol.IsHttp10(context.Request.Protocol))
        {
            return false;
        }

        foreach (var name in OfProxies)
        {
            if (context.Request.Headers.ContainsKey(name))
            {
                return false;
            }
        }

        return true;
    }
}
