using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Telemetry;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MetaLlm.Gateway.Health;

/// <summary>What health endpoints check and answer.</summary>
internal static class HealthAnswers
{
    /// <summary>The process answers; nothing else is looked at.</summary>
    public static HealthCheckOptions Live { get; } = new()
    {
        Predicate = _ => false,
        ResponseWriter = (context, _) => ApiJson.WriteAsync(context, new HealthBody { Status = HealthState.Live }),
    };

    /// <summary>It can serve calls.</summary>
    public static HealthCheckOptions Ready { get; } = new()
    {
        Predicate = registration => registration.Name == ReadinessCheck.Name,
        ResponseWriter = (context, report) => ApiJson.WriteAsync(context, Of(report.Entries[ReadinessCheck.Name], context), context.Response.StatusCode),
    };

    private static ReloadOutcome? Pending(ReloadStatus? status) => status is { Outcome: not ReloadOutcome.InForce and var outcome } ? outcome : null;

    private static HealthBody Of(HealthReportEntry entry, HttpContext context)
    {
        // Strangers get a word; details are for those who may read the metrics.
        var told = context.RequestServices.GetRequiredService<MetricsAccess>().IsAllowed(context);
        var pending = told ? Pending(context.RequestServices.GetService<ReloadStatus>()) : null;
        return entry.Status == HealthStatus.Healthy
            ? new HealthBody { Status = HealthState.Ready, Embedder = told ? (string)entry.Data[ReadinessCheck.EmbedderKey] : null, Configuration = pending }
            : new HealthBody { Status = HealthState.NotReady, Reason = told ? entry.Exception?.GetType().Name : null, Configuration = pending };
    }
}
