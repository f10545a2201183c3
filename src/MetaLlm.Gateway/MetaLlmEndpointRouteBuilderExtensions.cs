using MetaLlm.Gateway.Endpoints;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Gateway;

/// <summary>Maps the gateway's endpoints.</summary>
public static class MetaLlmEndpointRouteBuilderExtensions
{
    /// <summary>Maps the OpenAI surface, feedback, decisions, policy, management and health.</summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    public static IEndpointRouteBuilder MapMetaLlm(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.ServiceProvider;
        var gate = services.GetRequiredService<ApiGate>();

        app.MapPost("/v1/chat/completions", gate.Protect(services.GetRequiredService<ChatEndpoint>().HandleAsync));
        app.MapPost("/v1/route", gate.Protect(services.GetRequiredService<DecideEndpoint>().HandleAsync));
        app.MapPost("/v1/feedback", gate.Protect(services.GetRequiredService<FeedbackEndpoint>().HandleAsync));
        app.MapGet("/v1/decisions/{id}", gate.Protect(services.GetRequiredService<DecisionEndpoint>().HandleAsync));
        app.MapGet("/v1/policy", gate.Protect(services.GetRequiredService<PolicyEndpoint>().HandleAsync));
        app.MapPost("/v1/tenants/{tenant}/warm-start", gate.Manage(services.GetRequiredService<WarmStartEndpoint>().HandleAsync));
        app.MapPost("/v1/tenants/{tenant}/arms/{arm}/quiz", gate.Manage(services.GetRequiredService<QuizEndpoint>().HandleAsync));
        app.MapGet("/v1/models", gate.Protect(ModelsEndpoint.ListAsync));
        app.MapGet("/v1/models/{**id}", gate.Protect(ModelsEndpoint.FindAsync));
        app.MapFallback("/v1/{**path}", (RequestDelegate)UnknownAsync);
        return app.MapMetaLlmHealth();
    }

    /// <summary>Maps health alone, for a process that serves no clients.</summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    public static IEndpointRouteBuilder MapMetaLlmHealth(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.ServiceProvider;
        app.MapGet("/health/live", (RequestDelegate)HealthEndpoints.LiveAsync);
        app.MapGet("/health/ready", (RequestDelegate)services.GetRequiredService<HealthEndpoints>().ReadyAsync);
        return app;
    }

    private static Task UnknownAsync(HttpContext context) => ApiException
        .NotFound("unknown_url", $"{context.Request.Method} {context.Request.Path} is no endpoint of this gateway.")
        .Error.WriteAsync(context);
}
