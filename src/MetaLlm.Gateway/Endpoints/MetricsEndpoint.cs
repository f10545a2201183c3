using System.Net;
using System.Text;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Metrics;
using MetaLlm.Gateway.Authentication;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>GET /metrics</c>. It tells of every tenant, so it is for those on this machine or with the scraper's key.</summary>
internal sealed class MetricsEndpoint(MetricsCollector collector, SettingsStore settings)
{
    public Task HandleAsync(HttpContext context)
    {
        if (!MayRead(context))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(PrometheusText.Write(collector.Collect()), Encoding.UTF8, context.RequestAborted);
    }

    private bool MayRead(HttpContext context)
    {
        if (settings.Current.MetricsKeyHash is not { } hash)
        {
            return context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
        }

        return BearerKey.TryRead(context.Request, out var key) && TenantKey.Matches(key, hash);
    }
}
