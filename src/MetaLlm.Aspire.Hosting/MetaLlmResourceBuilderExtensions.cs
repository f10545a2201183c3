using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using MetaLlm.Aspire.Hosting;

namespace Aspire.Hosting;

/// <summary>Adds routers to an application, and says what they need.</summary>
public static class MetaLlmResourceBuilderExtensions
{
    private const string AdminKey = "METALLM_ADMIN_KEY";

    /// <summary>Adds a router that runs from the container image, with SQLite in the container until <c>WithPostgres</c> or <see cref="WithDataVolume"/> says otherwise.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="port">The port on this machine; null for any.</param>
    /// <param name="image">The image, built from <c>deploy/docker/Dockerfile</c>.</param>
    /// <param name="tag">Its tag; null for this package's version.</param>
    public static IResourceBuilder<MetaLlmContainerResource> AddMetaLlm(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null, string image = "metallm", string? tag = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var resource = new MetaLlmContainerResource(name);
        return builder.AddResource(resource)
            .WithImage(image, tag ?? typeof(RouterConfiguration).Assembly.GetName().Version!.ToString(3))
            .WithHttpEndpoint(port: port, targetPort: 8080)
            .WithContainerFiles("/etc/metallm", (_, _) => Task.FromResult<IEnumerable<ContainerFileSystemItem>>(
                [new ContainerFile { Name = "metallm.json", Contents = resource.Configuration.ForRouter(null) }]))
            .WithArgs("--config", "/etc/metallm/metallm.json", "--listen", "http://0.0.0.0:8080", "--data", "/data")
            .AsRouter();
    }

    /// <summary>Adds a router that runs from the project of the host, with SQLite below <c>.metallm</c> beside the AppHost until <c>WithPostgres</c> says otherwise.</summary>
    /// <typeparam name="TProject">The host: <c>Projects.MetaLlm_Host</c>.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="port">The port on this machine; null for any.</param>
    public static IResourceBuilder<MetaLlmProjectResource> AddMetaLlm<TProject>(this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null)
        where TProject : IProjectMetadata, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        var (resource, ports) = (new MetaLlmProjectResource(name), SiloPorts.Free());
        return builder.AddNode(resource, new TProject(), port, () => resource.Configuration.ForRouter(ports))
            .WithArgs("--data", Path.Combine(builder.AppHostDirectory, ".metallm", name))
            .AsRouter();
    }

    /// <summary>Lets silos of their own hold the tenants, each a process; the router only speaks HTTP then. They find each other in the database.</summary>
    /// <param name="router">The router.</param>
    /// <param name="count">How many, 1 to 16.</param>
    /// <exception cref="InvalidOperationException">The router has no database yet, or has silos already.</exception>
    public static IResourceBuilder<MetaLlmProjectResource> WithSilos(this IResourceBuilder<MetaLlmProjectResource> router, int count)
    {
        ArgumentNullException.ThrowIfNull(router);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 16);
        var resource = router.Resource;
        if (resource.Configuration.HasSilos || !resource.TryGetLastAnnotation<DatabaseAnnotation>(out var database))
        {
            throw new InvalidOperationException($"'{resource.Name}' cannot have silos: {(resource.Configuration.HasSilos ? "it has some already" : "WithPostgres must come first")}.");
        }

        resource.Configuration.HasSilos = true;
        resource.Configuration.Object("cluster")["membership"] = "postgres";
        for (var i = 1; i <= count; i++)
        {
            var ports = SiloPorts.Free();
            var silo = router.ApplicationBuilder
                .AddNode(new MetaLlmProjectResource($"{resource.Name}-silo-{i}"), resource.Project(), null, () => resource.Configuration.ForSilo(ports))
                .WithReference(database.Database, RouterNodes.Database)
                .WaitForCompletion(database.Migration)
                .WithParentRelationship(resource);
            router.WaitFor(silo);
        }

        return router;
    }

    /// <summary>Keeps tenants, decisions and what is learned in PostgreSQL. A migration brings the database to this build before the router starts.</summary>
    /// <param name="router">The router.</param>
    /// <param name="database">The database.</param>
    public static IResourceBuilder<MetaLlmProjectResource> WithPostgres(
        this IResourceBuilder<MetaLlmProjectResource> router, IResourceBuilder<IResourceWithConnectionString> database)
    {
        ArgumentNullException.ThrowIfNull(router);
        ArgumentNullException.ThrowIfNull(database);
        var migration = router.ApplicationBuilder.AddResource(new MetaLlmProjectResource($"{router.Resource.Name}-migration")).WithAnnotation(router.Resource.Project());
        return router.Keep(database, migration);
    }

    /// <summary>As <see cref="WithPostgres(IResourceBuilder{MetaLlmProjectResource}, IResourceBuilder{IResourceWithConnectionString})"/>, for a router of the image.</summary>
    /// <param name="router">The router.</param>
    /// <param name="database">The database.</param>
    public static IResourceBuilder<MetaLlmContainerResource> WithPostgres(
        this IResourceBuilder<MetaLlmContainerResource> router, IResourceBuilder<IResourceWithConnectionString> database)
    {
        ArgumentNullException.ThrowIfNull(router);
        ArgumentNullException.ThrowIfNull(database);
        var image = router.Resource.Annotations.OfType<ContainerImageAnnotation>().Last();
        return router.Keep(database, router.ApplicationBuilder.AddContainer($"{router.Resource.Name}-migration", image.Image, image.Tag!));
    }

    /// <summary>Keeps the data of a router of the image in a volume.</summary>
    /// <param name="router">The router.</param>
    /// <param name="name">The volume; null for the router's name with <c>-data</c>.</param>
    public static IResourceBuilder<MetaLlmContainerResource> WithDataVolume(this IResourceBuilder<MetaLlmContainerResource> router, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(router);
        return router.WithVolume(name ?? $"{router.Resource.Name}-data", "/data");
    }

    /// <summary>Adds a service that calls go to.</summary>
    /// <typeparam name="T">The kind of router.</typeparam>
    /// <param name="router">The router.</param>
    /// <param name="name">A name of your choice, which models refer to.</param>
    /// <param name="kind">Its kind, such as <c>openai</c>, <c>anthropic</c> or <c>simulator</c>, which needs no key; <c>docs/providers.md</c> lists them.</param>
    /// <param name="key">Its key; null for one that needs none.</param>
    /// <param name="configure">Sets other members, such as <c>baseUrl</c>; null to set none.</param>
    public static IResourceBuilder<T> WithUpstream<T>(
        this IResourceBuilder<T> router, string name, string kind, IResourceBuilder<ParameterResource>? key = null, Action<JsonObject>? configure = null)
        where T : IMetaLlmResource
    {
        ArgumentNullException.ThrowIfNull(router);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(kind);
        var upstream = new JsonObject { ["kind"] = kind };
        if (key is not null)
        {
            var variable = RouterNodes.Variable("UPSTREAM", name);
            upstream["apiKeyEnvironment"] = variable;
            router.WithEnvironment(variable, key);
        }

        configure?.Invoke(upstream);
        router.Resource.Configuration.Object("upstreams")[name] = upstream;
        return router;
    }

    /// <summary>Lets a key manage tenants at <c>/admin/v1</c>, where they are also made then.</summary>
    /// <typeparam name="T">The kind of router.</typeparam>
    /// <param name="router">The router.</param>
    /// <param name="key">The key, of at least 16 characters.</param>
    public static IResourceBuilder<T> WithAdminKey<T>(this IResourceBuilder<T> router, IResourceBuilder<ParameterResource> key)
        where T : IMetaLlmResource
    {
        ArgumentNullException.ThrowIfNull(router);
        router.Resource.Configuration.Object("admin")["keyEnvironment"] = AdminKey;
        return router.WithEnvironment(AdminKey, key);
    }

    /// <summary>Serves the console at <c>/console</c>, with a link to it beside the router. Who signs in has the key of <see cref="WithAdminKey"/>, or one that was made with it.</summary>
    /// <typeparam name="T">The kind of router.</typeparam>
    /// <param name="router">The router.</param>
    public static IResourceBuilder<T> WithConsole<T>(this IResourceBuilder<T> router)
        where T : IMetaLlmResource
    {
        ArgumentNullException.ThrowIfNull(router);
        router.Resource.Configuration.Object("console")["enabled"] = true;
        return router.WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/console", DisplayText = "Console" });
    }

    /// <summary>Sets any member of the configuration.</summary>
    /// <typeparam name="T">The kind of router.</typeparam>
    /// <param name="router">The router.</param>
    /// <param name="configure">Changes the section <c>MetaLlm</c>, whose members <c>docs/configuration.md</c> lists.</param>
    public static IResourceBuilder<T> WithConfiguration<T>(this IResourceBuilder<T> router, Action<JsonObject> configure)
        where T : IMetaLlmResource
    {
        ArgumentNullException.ThrowIfNull(router);
        ArgumentNullException.ThrowIfNull(configure);
        configure(router.Resource.Configuration.Section);
        return router;
    }
}
