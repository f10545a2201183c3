using System.Reflection;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MetaLlm.Gateway.OpenApi;

/// <summary>Puts endpoints into the API's description.</summary>
internal static class EndpointDescriptionExtensions
{
    private static readonly MethodInfo AnyHandler = typeof(EndpointDescriptionExtensions).GetMethod(nameof(Handle), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly ErrorCode[] OfEngine = [ErrorCode.InternalError, ErrorCode.EngineUnavailable, ErrorCode.TenantNotReady];
    private static readonly ErrorCode[] OfTenant = [ErrorCode.MissingApiKey, ErrorCode.InvalidApiKey, ErrorCode.InsufficientScope, ErrorCode.TenantUnavailable, .. OfEngine];
    private static readonly ErrorCode[] OfAdmin = [ErrorCode.MissingApiKey, ErrorCode.InvalidApiKey, ErrorCode.ManagementDisabled, ErrorCode.InsufficientRole, ErrorCode.TenantNotFound, ErrorCode.TenantUnavailable, .. OfEngine];

    /// <summary>Describes an endpoint. The group of endpoints is our document's alone, so that none shows up in a document of the application.</summary>
    public static TBuilder Describe<TBuilder>(this TBuilder builder, ApiOperation operation)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.WithSummary(operation.Summary).WithDescription(operation.Description).WithTags(operation.Tag).WithGroupName(ApiDocument.Name).WithMetadata(operation);
        builder.Finally(endpoint => Complete(endpoint, operation));
        return builder;
    }

    private static void Complete(EndpointBuilder endpoint, ApiOperation operation)
    {
        var metadata = endpoint.Metadata;

        // Endpoints of the framework's own, such as health checks, have neither a handler nor a method that the description could be made from.
        if (!metadata.OfType<MethodInfo>().Any())
        {
            metadata.Add(AnyHandler);
        }

        if (!metadata.OfType<IHttpMethodMetadata>().Any())
        {
            metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
        }

        if (operation.Answers.Count > 0)
        {
            metadata.Add(Answer(StatusCodes.Status200OK, operation.Answers[0]));
        }
        else if (operation.TextAnswer is { } text)
        {
            metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(void), [text]));
        }

        if (operation.Unavailable is { } unavailable)
        {
            metadata.Add(Answer(StatusCodes.Status503ServiceUnavailable, unavailable));
        }

        foreach (var status in Errors(metadata.OfType<AuthorizationPolicy>().SingleOrDefault()).Concat(operation.Errors).Distinct().GroupBy(error => error.Status))
        {
            metadata.Add(Answer(status.Key, operation.ErrorType, string.Join(", ", status.Select(error => $"`{error.Name}`"))));
        }
    }

    private static ErrorCode[] Errors(AuthorizationPolicy? policy) =>
        policy == ApiPolicies.Tenant ? OfTenant : policy == ApiPolicies.Admin ? OfAdmin : [];

    private static ProducesResponseTypeMetadata Answer(int status, Type type, string? description = null) =>
        new(status, type, ["application/json"]) { Description = description };

    private static void Handle()
    {
    }
}
