using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MetaLlm.Gateway.Configuration;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Tenants;

/// <summary>Tenants that this gateway does not serve, since what is stored of them cannot be used. Each is told once. Safe for concurrent use.</summary>
internal sealed partial class QuarantineList
{
    private readonly ConcurrentDictionary<string, string> _tenants = new(StringComparer.Ordinal);
    private readonly ILogger _logger;

    /// <summary>Creates the gauge.</summary>
    /// <param name="factory">Where the meter comes from; it owns the meter.</param>
    /// <param name="logger">Where tenants are told.</param>
    public QuarantineList(IMeterFactory factory, ILogger<QuarantineList> logger)
    {
        _logger = logger;
        factory.Create(ReloadStatus.MeterName).CreateObservableGauge(
            "metallm.gateway.tenants.quarantined", () => _tenants.Count, "{tenant}", "Tenants that are answered with 503 because what is stored of them cannot be used.");
    }

    /// <summary>How many they are.</summary>
    public int Count => _tenants.Count;

    /// <summary>Which they are, and why, in the order of their ids.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> All => [.. _tenants.OrderBy(tenant => tenant.Key, StringComparer.Ordinal)];

    /// <summary>A tenant is not served.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="reason">Why.</param>
    public void Add(string tenant, Exception reason)
    {
        var told = _tenants.TryGetValue(tenant, out var before) && before == reason.Message;
        _tenants[tenant] = reason.Message;
        if (!told)
        {
            LogQuarantined(_logger, reason, tenant, reason.Message);
        }
    }

    /// <summary>A tenant is served, or is gone.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="served">Whether it is served.</param>
    public void Remove(string tenant, bool served)
    {
        if (_tenants.TryRemove(tenant, out _) && served)
        {
            LogServed(_logger, tenant);
        }
    }

    [LoggerMessage(5301, LogLevel.Error, "Tenant {Tenant} cannot be served; its calls are refused, those of other tenants are not. {Reason}")]
    private static partial void LogQuarantined(ILogger logger, Exception defect, string tenant, string reason);

    [LoggerMessage(5302, LogLevel.Information, "Tenant {Tenant} is served again.")]
    private static partial void LogServed(ILogger logger, string tenant);
}
