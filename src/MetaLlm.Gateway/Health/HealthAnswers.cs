using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
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
        ResponseWriter = (context, report) => ApiJson.WriteAsync(context, Of(report.Entries[ReadinessCheck.Name]), context.Response.StatusCode),
    };

    private static HealthBody Of(HealthReportEntry entry) => entry.Status == HealthStatus.Healthy
        ? new HealthBody { Status = HealthState.Ready, Embedder = (string)entry.Data[ReadinessCheck.EmbedderKey] }
        : new HealthBody { Status = HealthState.NotReady, Reason = entry.Exception?.GetType().Name };
}
