using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Authentication;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Telemetry;

/// <summary>Who may read the metrics. They tell of every tenant, so they are for programs on this machine, or for those with the scraper's key. What a proxy on this machine passes on is not from here.</summary>
/// <param name="settings">The settings in force.</param>
public sealed class MetricsAccess(SettingsStore settings)
{
    /// <summary>Whether a request may read the metrics.</summary>
    /// <param name="context">The request.</param>
    public bool IsAllowed(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (settings.Current.MetricsKeyHash is not { } hash)
        {
            return LocalCaller.Is(context);
        }

        return SentKey.TryRead(context.Request, out var key) && TenantKey.Matches(key, hash);
    }
}
