using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Endpoints;
using MetaLlm.Gateway.Health;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Scalar.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the gateway's endpoints.</summary>
public static class MetaLlmEndpointRouteBuilderExtensions
{
    /// <summary>Maps the OpenAI surface, feedback, decisions, policy, management and health.</summary>
    /// <remarks>
    /// Who may call what is decided by authorization policies that stand on these endpoints alone. An application that calls <c>UseRouting</c>
    /// itself calls <c>UseAuthorization</c> after it; otherwise ASP.NET adds both.
    /// </remarks>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    public static IEndpointRouteBuilder MapMetaLlm(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.ServiceProvider;
        var all = app.MapGroup("/v1").AddEndpointFilter(services.GetRequiredService<ErrorFilter>());

        var tenants = all.MapGroup("").RequireAuthorization(ApiPolicies.Tenant);
        tenants.MapPost("/chat/completions", (Delegate)services.GetRequiredService<ChatEndpoint>().HandleAsync).Describe(ApiOperations.Chat);
        tenants.MapPost("/route", (Delegate)services.GetRequiredService<RouteDecisionEndpoint>().HandleAsync).Describe(ApiOperations.Route);
        tenants.MapPost("/feedback", (Delegate)services.GetRequiredService<FeedbackEndpoint>().HandleAsync).Describe(ApiOperations.Feedback);
        tenants.MapGet("/decisions/{id}", (Delegate)services.GetRequiredService<DecisionEndpoint>().HandleAsync).Describe(ApiOperations.GetDecision);
        tenants.MapGet("/policy", (Delegate)services.GetRequiredService<PolicyEndpoint>().HandleAsync).Describe(ApiOperations.Policy);
        tenants.MapGet("/models", ModelsEndpoint.List).Describe(ApiOperations.Models);
        tenants.MapGet("/models/{**id}", ModelsEndpoint.Find).Describe(ApiOperations.Model);

        var management = all.MapGroup("/tenants/{tenant}").RequireAuthorization(ApiPolicies.Admin);
        management.MapPost("/warm-start", (Delegate)services.GetRequiredService<WarmStartEndpoint>().HandleAsync).Describe(ApiOperations.WarmStart);
        management.MapPost("/arms/{arm}/quiz", (Delegate)services.GetRequiredService<QuizEndpoint>().HandleAsync).Describe(ApiOperations.Quiz);

        app.MapFallback("/v1/{**path}", (RequestDelegate)UnknownAsync).AllowAnonymous();
        return app.MapMetaLlmHealth();
    }

    /// <summary>Maps health alone, for a process that serves no clients.</summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    public static IEndpointRouteBuilder MapMetaLlmHealth(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.ServiceProvider;
        app.MapHealthChecks("/health/live", HealthAnswers.Live).AllowAnonymous().Describe(ApiOperations.Live);
        app.MapHealthChecks("/health/ready", HealthAnswers.Ready).AllowAnonymous().Describe(ApiOperations.Ready);
        return app;
    }

    /// <summary>Maps the API's description: an OpenAPI document at <c>/openapi/v1.json</c>, and a page made from it at <c>/scalar</c> that loads nothing from elsewhere.</summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    public static IEndpointRouteBuilder MapMetaLlmReference(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGet(Paths.Document, (RequestDelegate)app.ServiceProvider.GetRequiredService<DocumentEndpoint>().HandleAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapScalarApiReference(Paths.Reference, options => options
            .WithTitle("MetaLlm API")
            .WithOpenApiRoutePattern(Paths.Document)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools()
            .AddPreferredSecuritySchemes([TenantKeyHandler.Scheme])).AllowAnonymous();
        return app;
    }

    /// <summary>
    /// Maps what a process answers that is a gateway and nothing else: <c>/</c> says where to go on, <c>/health</c> is <c>/health/ready</c>, and every other URL gets an
    /// error as OpenAI clients know it.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    public static IEndpointRouteBuilder MapMetaLlmRoot(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGet("/", () => new ApiResult<GatewayBody>(Paths.Root)).AllowAnonymous().Describe(ApiOperations.Root);
        app.MapHealthChecks("/health", HealthAnswers.Ready).AllowAnonymous().Describe(ApiOperations.Health);
        app.MapFallback("/{**path}", (RequestDelegate)UnknownAsync).AllowAnonymous();
        return app;
    }

    private static Task UnknownAsync(HttpContext context) =>
        new ApiError(ErrorCode.UnknownUrl, $"{context.Request.Method} {context.Request.Path} is no endpoint of this gateway.").WriteAsync(context);
}
