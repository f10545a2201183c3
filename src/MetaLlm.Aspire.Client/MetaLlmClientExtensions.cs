using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Headers;
using MetaLlm.Aspire.Client;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenAI;

namespace Microsoft.Extensions.Hosting;

/// <summary>Lets an application call a tenant of a router.</summary>
public static class MetaLlmClientExtensions
{
    private const string Telemetry = "Experimental.Microsoft.Extensions.AI";

    /// <summary>
    /// Adds an <see cref="IChatClient"/> and OpenAI's client for a tenant, and an <see cref="HttpClient"/> of the tenant's name for everything else, such as feedback.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name of the tenant's resource, and of its connection string.</param>
    /// <param name="configure">Changes what the connection string says; null to take it as it is.</param>
    /// <returns>The pipeline of the chat client, for function invocation and what else belongs around it.</returns>
    /// <exception cref="InvalidOperationException">The connection string is missing or cannot be read.</exception>
    public static ChatClientBuilder AddMetaLlmClient(this IHostApplicationBuilder builder, string name, Action<MetaLlmClientSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var settings = new MetaLlmClientSettings();
        settings.Read(name, builder.Configuration.GetConnectionString(name));
        configure?.Invoke(settings);
        settings.Check(name);
        AddHttp(builder.Services, name, settings);
        AddTelemetry(builder.Services, settings);
        builder.Services.AddSingleton(provider => new OpenAIClient(
            new ApiKeyCredential(settings.Key is { Length: > 0 } key ? key : "none"),
            new OpenAIClientOptions { Endpoint = settings.Endpoint, Transport = new HttpClientPipelineTransport(provider.GetRequiredService<IHttpClientFactory>().CreateClient(name)) }));
        return builder.Services
            .AddChatClient(provider => provider.GetRequiredService<OpenAIClient>().GetChatClient(settings.Model).AsIChatClient())
            .UseOpenTelemetry();
    }

    private static void AddHttp(IServiceCollection services, string name, MetaLlmClientSettings settings)
    {
        services.AddHttpClient(name, http =>
        {
            http.BaseAddress = new Uri(settings.Endpoint!, "/");
            http.DefaultRequestHeaders.Authorization = settings.Key is { Length: > 0 } key ? new AuthenticationHeaderValue("Bearer", key) : null;
        });
        if (!settings.DisableHealthChecks)
        {
            services.AddHealthChecks().Add(new HealthCheckRegistration(
                $"metallm-{name}", provider => new RouterHealthCheck(provider.GetRequiredService<IHttpClientFactory>(), name), failureStatus: null, tags: null));
        }
    }

    private static void AddTelemetry(IServiceCollection services, MetaLlmClientSettings settings)
    {
        if (!settings.DisableTracing)
        {
            services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(Telemetry));
        }

        if (!settings.DisableMetrics)
        {
            services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(Telemetry));
        }
    }
}
