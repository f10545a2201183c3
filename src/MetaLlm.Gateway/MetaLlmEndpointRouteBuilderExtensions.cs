using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Batches;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Endpoints;
using MetaLlm.Gateway.Health;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using MetaLlm.Gateway.OpenApi;
using MetaLlm.Gateway.Surfaces;
using MetaLlm.Gateway.Surfaces.Embeddings;
using MetaLlm.Gateway.Surfaces.Messages;
using MetaLlm.Gateway.Surfaces.Responses;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Scalar.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the gateway's endpoints.</summary>
public static class MetaLlmEndpointRouteBuilderExtensions
{
    /// <summary>Maps the surfaces of OpenAI and Anthropic, feedback, decisions, policy, management and health.</summary>
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
        var all = app.MapGroup("/v1").AddFilter(services.GetRequiredService<ErrorFilter>());

        RouteGroupBuilder OfTenant(KeyScope scope, bool needsPolicy = true) => all.MapGroup("").RequireAuthorization(ApiPolicies.Tenant)
            .AddFilter(new TenantReadyFilter(services.GetRequiredService<TenantSetups>(), scope, needsPolicy));

        var chat = OfTenant(KeyScope.Chat).AddFilter(services.GetRequiredService<AdmissionFilter>());
        var inference = services.GetRequiredService<InferenceEndpoint>();
        void MapSurface(string pattern, ISurface surface, ApiOperation operation) => chat.MapWrite(all, pattern, (HttpContext context) => inference.HandleAsync(context, surface), operation);
        MapSurface("/chat/completions", new ChatSurface(), ApiOperations.Chat);
        MapSurface("/completions", new CompletionsSurface(), ApiOperations.Completions);
        MapSurface("/embeddings", new EmbeddingsSurface(), ApiOperations.Embeddings);
        MapSurface("/messages", new MessagesSurface(services.GetRequiredService<SettingsStore>()), ApiOperations.Messages);
        MapSurface("/responses", services.GetRequiredService<ResponsesSurface>(), ApiOperations.Responses);
        var beside = OfTenant(KeyScope.Chat, needsPolicy: false);
        beside.MapWrite(all, "/messages/count_tokens", services.GetRequiredService<CountTokensEndpoint>().HandleAsync, ApiOperations.CountTokens);
        var responses = services.GetRequiredService<ResponsesEndpoint>();
        beside.MapReadAndDelete(all, "/responses/{id}", responses.GetAsync, ApiOperations.GetResponse, responses.DeleteAsync, ApiOperations.DeleteResponse);
        beside.MapRead(all, "/responses/{id}/input_items", responses.InputAsync, ApiOperations.GetResponseInput);
        var conversations = services.GetRequiredService<ConversationsEndpoint>();
        beside.MapWrite(all, "/conversations", conversations.CreateAsync, ApiOperations.CreateConversation);
        beside.MapReadAndDelete(all, "/conversations/{id}", conversations.GetAsync, ApiOperations.GetConversation, conversations.DeleteAsync, ApiOperations.DeleteConversation);
        beside.MapRead(all, "/conversations/{id}/items", conversations.ItemsAsync, ApiOperations.GetConversationItems);
        var files = services.GetRequiredService<FilesEndpoint>();
        beside.MapReadAndWrite(all, "/files", files.ListAsync, ApiOperations.ListFiles, files.CreateAsync, ApiOperations.CreateFile);
        beside.MapReadAndDelete(all, "/files/{id}", files.GetAsync, ApiOperations.GetFile, files.DeleteAsync, ApiOperations.DeleteFile);
        beside.MapRead(all, "/files/{id}/content", files.ContentAsync, ApiOperations.GetFileContent);
        var batches = services.GetRequiredService<BatchesEndpoint>();
        beside.MapReadAndWrite(all, "/batches", batches.ListAsync, ApiOperations.ListBatches, batches.CreateAsync, ApiOperations.CreateBatch);
        beside.MapRead(all, "/batches/{id}", batches.GetAsync, ApiOperations.GetBatch);
        beside.MapWrite(all, "/batches/{id}/cancel", batches.CancelAsync, ApiOperations.CancelBatch);
        chat.MapWrite(all, "/route", services.GetRequiredService<RouteDecisionEndpoint>().HandleAsync, ApiOperations.Route);
        chat.MapWrite(all, "/assess", services.GetRequiredService<AssessEndpoint>().HandleAsync, ApiOperations.Assess);
        OfTenant(KeyScope.Feedback).MapWrite(all, "/feedback", services.GetRequiredService<FeedbackEndpoint>().HandleAsync, ApiOperations.Feedback);
        var read = OfTenant(KeyScope.Read);
        read.MapRead(all, "/decisions/{id}", services.GetRequiredService<DecisionEndpoint>().HandleAsync, ApiOperations.GetDecision);
        read.MapRead(all, "/policy", services.GetRequiredService<PolicyEndpoint>().HandleAsync, ApiOperations.Policy);
        read.MapRead(all, "/judges", services.GetRequiredService<JudgesEndpoint>().HandleAsync, ApiOperations.Judges);
        read.MapRead(all, "/shared-learning", services.GetRequiredService<SharedLearningEndpoint>().HandleAsync, ApiOperations.SharedLearning);
        read.MapRead(all, "/evidence", services.GetRequiredService<EvidenceEndpoint>().HandleAsync, ApiOperations.Evidence);
        read.MapRead(all, "/shadow", services.GetRequiredService<ShadowEndpoint>().HandleAsync, ApiOperations.Shadow);
        var listed = OfTenant(KeyScope.Read, needsPolicy: false);
        var requests = services.GetRequiredService<RequestLogEndpoint>();
        listed.MapRead(all, "/requests", requests.ListAsync, ApiOperations.ListRequests);
        listed.MapRead(all, "/requests/{id}", requests.FindAsync, ApiOperations.GetRequest);
        listed.MapRead(all, "/models", ModelsEndpoint.List, ApiOperations.Models);
        listed.MapRead(all, "/models/{**id}", ModelsEndpoint.Find, ApiOperations.Model);

        var named = all.MapGroup("/tenants/{tenant}");
        var management = named.MapGroup("").RequireAuthorization(ApiPolicies.Admin).AddFilter(new RoleFilter(AdminRole.Operate));
        management.MapWrite(named, "/warm-start", services.GetRequiredService<WarmStartEndpoint>().HandleAsync, ApiOperations.WarmStart);
        management.MapWrite(named, "/arms/{arm}/quiz", services.GetRequiredService<QuizEndpoint>().HandleAsync, ApiOperations.Quiz);
        management.MapWrite(named, "/relearn", services.GetRequiredService<RelearnEndpoint>().HandleAsync, ApiOperations.Relearn);

        app.MapAdmin();
        app.MapFallback("/v1/{**path}", (RequestDelegate)UnknownAsync).AllowAnonymous();
        app.MapFallback(AdminRoutes.Prefix + "/{**path}", (RequestDelegate)UnknownAsync).AllowAnonymous();
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
        app.MapOtherThanRead("/health/live");
        app.MapOtherThanRead("/health/ready");
        return app;
    }

    /// <summary>Maps the API's description: an OpenAPI document at <c>/openapi/v1.json</c>, and a page made from it at <c>/scalar</c> that loads nothing from elsewhere.</summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    public static IEndpointRouteBuilder MapMetaLlmReference(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var document = app.ServiceProvider.GetRequiredService<DocumentEndpoint>();
        app.MapMethods(Paths.Document, [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)document.HandleAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapOtherThanRead(Paths.Document);
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
        app.MapGroup("").AllowAnonymous().MapRead(app, "/", (HttpContext _) => new ApiResult<GatewayBody>(Paths.Root), ApiOperations.Root);
        app.MapHealthChecks("/health", HealthAnswers.Ready).AllowAnonymous().Describe(ApiOperations.Health);
        app.MapOtherThanRead("/health");
        app.MapFallback("/{**path}", (RequestDelegate)UnknownAsync).AllowAnonymous();
        return app;
    }

    private static Task UnknownAsync(HttpContext context) =>
        new ApiError(ErrorCode.UnknownUrl, $"{context.Request.Method} {context.Request.Path} is no endpoint of this gateway.").WriteAsync(context);
}
