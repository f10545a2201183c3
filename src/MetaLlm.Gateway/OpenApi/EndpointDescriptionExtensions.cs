using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MetaLlm.Gateway.OpenApi;

/// <summary>Puts endpoints into the API's description.</summary>
internal static class EndpointDescriptionExtensions
{
    private static readonly MethodInfo AnyHandler = typeof(EndpointDescriptionExtensions).GetMethod(nameof(Handle), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Describes an endpoint. The group of endpoints is our document's alone, so that none shows up in a document of the application.</summary>
    public static TBuilder Describe<TBuilder>(this TBuilder builder, ApiOperation operation)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.WithSummary(operation.Summary).WithDescription(operation.Description).WithTags(operation.Tag).WithGroupName(ApiDocument.Name).WithMetadata(operation);
        builder.Finally(Complete);
        return builder;
    }

    /// <summary>Endpoints of the framework's own, such as health checks, have neither a method nor a handler that the description could be made from.</summary>
    private static void Complete(EndpointBuilder endpoint)
    {
        if (!endpoint.Metadata.OfType<MethodInfo>().Any())
        {
            endpoint.Metadata.Add(AnyHandler);
        }

        if (!endpoint.Metadata.OfType<IHttpMethodMetadata>().Any())
        {
            endpoint.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
        }
    }

    private static void Handle()
    {
    }
}
