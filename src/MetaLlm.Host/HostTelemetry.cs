using MetaLlm.Gateway.Telemetry;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MetaLlm.Host;

/// <summary>
/// Metrics for Prometheus at <c>/metrics</c>, and metrics and traces over OTLP where the usual variable
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to. Without it nothing listens for spans, so that none are made.
/// </summary>
internal static class HostTelemetry
{
    private const string ScrapePath = "/metrics";

    /// <summary>Change several times a request and tell an operator nothing that the others do not.</summary>
    private static readonly string[] Unwatched =
    [
        "aspnetcore.authentication.authenticate.duration", "aspnetcore.authorization.attempts", "aspnetcore.memory_pool.allocated",
        "aspnetcore.memory_pool.pooled", "aspnetcore.memory_pool.rented", "aspnetcore.memory_pool.evicted", "aspnetcore.routing.match_attempts",
        "http.client.open_connections",
    ];

    /// <summary>Of Orleans, the counters that each message moves several times over. What operators watch stays: requests and their time, activations, membership, storage, streams.</summary>
    private static readonly string[] UnwatchedOfOrleans = ["orleans-messaging-processing-", "orleans-messaging-sent-local", "orleans-directory-lookups-"];

    private static readonly string[] Endpoints =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <summary>Collects and exports.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="variable">Looks up an environment variable: whether anything is exported, and where to.</param>
    public static void Add(WebApplicationBuilder builder, Func<string, string?> variable)
    {
        // OpenTelemetry reads its variables from the application's configuration.
        builder.Configuration.AddInMemoryCollection(new ConfigurationBuilder().AddEnvironmentVariables().Build()
            .AsEnumerable().Where(pair => pair.Key.StartsWith("OTEL_", StringComparison.Ordinal)));
        builder.Configuration.AddInMemoryCollection(Endpoints.Select(name => KeyValuePair.Create(name, variable(name))));
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                builder.Configuration["OTEL_SERVICE_NAME"] ?? "metallm", serviceVersion: typeof(HostTelemetry).Assembly.GetName().Version?.ToString(3)))
            .WithMetrics(metrics => Configure(metrics, Exports(builder.Configuration, "METRICS")));
        if (ExportsTraces(builder.Configuration))
        {
            // Otherwise the instrumentation of HTTP clients adds headers of its own, baggage among them, to what goes to upstreams.
            Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
            telemetry.WithTracing(Configure);
        }
    }

    /// <summary>Serves the metrics to those who may read them; for others there is nothing at that path.</summary>
    public static void Use(WebApplication app)
    {
        var access = app.Services.GetRequiredService<MetricsAccess>();
        app.UseOpenTelemetryPrometheusScrapingEndpoint(context =>
            context.Request.Path == ScrapePath && HttpMethods.IsGet(context.Request.Method) && access.IsAllowed(context));
    }

    /// <summary>Whether spans are collected.</summary>
    public static bool ExportsTraces(ConfigurationManager configuration) => Exports(configuration, "TRACES");

    private static bool Exports(ConfigurationManager configuration, string signal) =>
        !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]) || !string.IsNullOrEmpty(configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]);

    private static void Configure(MeterProviderBuilder metrics, bool export)
    {
        metrics
            .AddMetaLlmInstrumentation()
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation()
            .AddRuntimeInstrumentation()
            .AddNpgsqlInstrumentation()
            .AddMeter("Microsoft.Orleans")
            .AddView(instrument => IsUnwatched(instrument.Name) ? MetricStreamConfiguration.Drop : null)
            .AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0);
        if (export)
        {
            metrics.AddOtlpExporter();
        }
    }

    private static bool IsUnwatched(string instrument) => Unwatched.Contains(instrument, StringComparer.Ordinal)
        || UnwatchedOfOrleans.Any(start => instrument.StartsWith(start, StringComparison.Ordinal));

    private static void Configure(TracerProviderBuilder traces) => traces
        .AddMetaLlmInstrumentation()
        .AddAspNetCoreInstrumentation(options => options.Filter = context =>
            context.Request.Path != ScrapePath && !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
        .AddHttpClientInstrumentation()
        .AddNpgsql()
        .AddSource("Microsoft.Orleans.Application")
        .AddOtlpExporter();
}
