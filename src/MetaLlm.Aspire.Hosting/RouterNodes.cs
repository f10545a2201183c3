using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Aspire.Hosting;

/// <summary>What routers, silos and migrations have in common.</summary>
internal static class RouterNodes
{
    /// <summary>The name of the database's connection string.</summary>
    public const string Database = "metallm";

    private const string Connection = $"ConnectionStrings__{Database}";

    /// <summary>A process of the project with a configuration file of its own, which is written as it starts.</summary>
    public static IResourceBuilder<MetaLlmProjectResource> AddNode(
        this IDistributedApplicationBuilder builder, MetaLlmProjectResource resource, IProjectMetadata project, int? port, Func<string> configuration)
    {
        var node = builder.AddResource(resource).WithAnnotation(project).WithHttpEndpoint(port: port).WithHttpHealthCheck("/health/ready").WithOtlpExporter().ExcludeFromManifest();
        var target = node.GetEndpoint("http").Property(EndpointProperty.TargetPort);
        return node
            .WithArgs(context =>
            {
                var store = context.ExecutionContext.Services.GetRequiredService<IAspireStore>();
                using var content = new MemoryStream(Encoding.UTF8.GetBytes(configuration()));
                context.Args.Add("--config");
                context.Args.Add(store.GetFileNameWithContent($"metallm-{resource.Name}.json", content));
            })
            .WithArgs("--listen", ReferenceExpression.Create($"http://127.0.0.1:{target}"));
    }

    /// <summary>Whoever opens the router's address in a browser sees its API.</summary>
    public static IResourceBuilder<T> AsRouter<T>(this IResourceBuilder<T> router)
        where T : IMetaLlmResource =>
        router.WithIconName("BranchFork").WithUrlForEndpoint("http", url => url.DisplayText = "API").ExcludeFromManifest();

    /// <summary>Lets a router keep its data in a database, which is migrated first.</summary>
    public static IResourceBuilder<TRouter> Keep<TRouter, TMigration>(
        this IResourceBuilder<TRouter> router, IResourceBuilder<IResourceWithConnectionString> database, IResourceBuilder<TMigration> migration)
        where TRouter : IMetaLlmResource
        where TMigration : IResourceWithArgs, IResourceWithEnvironment, IResourceWithWaitSupport
    {
        migration
            .WithArgs("migrate", "--connection-env", Connection)
            .WithReference(database, Database)
            .WaitFor(database)
            .WithParentRelationship(router.Resource)
            .ExcludeFromManifest();
        var storage = router.Resource.Configuration.Object("storage");
        storage["kind"] = "postgres";
        storage["connectionEnvironment"] = Connection;
        router.Resource.Annotations.Add(new DatabaseAnnotation(database, (IResourceBuilder<IResource>)migration));
        return router.WithReference(database, Database).WaitForCompletion((IResourceBuilder<IResource>)migration);
    }

    /// <summary>The project that a resource runs.</summary>
    public static IProjectMetadata Project(this MetaLlmProjectResource resource) => resource.Annotations.OfType<IProjectMetadata>().Last();

    /// <summary>The environment variable of a secret.</summary>
    public static string Variable(string kind, string name) =>
        $"METALLM_{kind}_{new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_')])}_KEY";
}
