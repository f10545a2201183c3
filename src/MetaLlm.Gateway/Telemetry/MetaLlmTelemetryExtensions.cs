using MetaLlm.Engine.Routing;
using MetaLlm.Engine.Tenants;
using MetaLlm.Gateway.Configuration;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Hands the product's meters and spans to OpenTelemetry. Exporters are the application's choice.</summary>
public static class MetaLlmTelemetryExtensions
{
    /// <summary>Collects the meters <see cref="RoutingMetrics.MeterName"/> and <see cref="EngineMetrics.MeterName"/>, and what is counted of the configuration.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static MeterProviderBuilder AddMetaLlmInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(RoutingMetrics.MeterName, EngineMetrics.MeterName, ReloadStatus.MeterName);
    }

    /// <summary>Collects the spans of <see cref="RoutingActivities.SourceName"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static TracerProviderBuilder AddMetaLlmInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(RoutingActivities.SourceName);
    }
}
