using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MetaLlm.Aspire.Hosting;

namespace MetaLlm.Aspire.Tests;

/// <summary>What a router of the AppHost becomes, without starting one.</summary>
public sealed class ModelTests
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder(["--ConnectionStrings:db=Host=db", "--Parameters:key=key-0123456789abcdef"]);

    [Fact]
    public void Upstreams_tenants_and_models_become_a_configuration_that_has_no_secret()
    {
        var key = _builder.AddParameter("key", secret: true);
        var router = Router().WithAdminKey(key).WithConsole().WithUpstream("open-ai", "openai", key).WithConfiguration(section => section["listen"] = new JsonArray("http://127.0.0.1:1"));
        router.AddTenant("acme", key).WithBudget(usdPerDay: 5).WithModel("large", "open-ai", 2, 8, arm => arm["model"] = "gpt-large").WithSettings(tenant => tenant["priceWeight"] = 2);

        var section = Section(router.Resource.Configuration.ForRouter(new SiloPorts(1, 2)));

        Assert.Equal("METALLM_ADMIN_KEY", section["admin"]!["keyEnvironment"]!.GetValue<string>());
        Assert.True(section["console"]!["enabled"]!.GetValue<bool>());
        Assert.Equal("METALLM_UPSTREAM_OPEN_AI_KEY", section["upstreams"]!["open-ai"]!["apiKeyEnvironment"]!.GetValue<string>());
        var tenant = section["tenants"]![0]!;
        Assert.Equal("METALLM_TENANT_ACME_KEY", tenant["keyEnvironments"]![0]!.GetValue<string>());
        Assert.Equal("""{"usdPerDay":5}""", tenant["budget"]!.ToJsonString());
        Assert.Equal("gpt-large", tenant["arms"]![0]!["model"]!.GetValue<string>());
        Assert.Equal(2, tenant["priceWeight"]!.GetValue<int>());
        Assert.Equal(1, section["cluster"]!["siloPort"]!.GetValue<int>());
        Assert.DoesNotContain("0123456789", router.Resource.Configuration.ForRouter(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Silos_have_the_database_and_none_of_those_who_call()
    {
        var router = Router().WithPostgres(_builder.AddConnectionString("db")).WithSilos(2).WithUpstream("sim", "simulator");
        router.AddTenant("acme", _builder.AddParameter("key", secret: true)).WithModel("m", "sim", 1, 1);

        Assert.Equal("gateway", Section(router.Resource.Configuration.ForRouter(new SiloPorts(1, 2)))["role"]!.GetValue<string>());
        var silo = Section(router.Resource.Configuration.ForSilo(new SiloPorts(3, 4)));
        Assert.Equal("silo", silo["role"]!.GetValue<string>());
        Assert.Equal("postgres", silo["cluster"]!["membership"]!.GetValue<string>());
        Assert.Equal(4, silo["cluster"]!["gatewayPort"]!.GetValue<int>());
        Assert.Equal("ConnectionStrings__metallm", silo["storage"]!["connectionEnvironment"]!.GetValue<string>());
        Assert.Null(silo["tenants"]);
        Assert.Equal(["router", "router-migration", "router-silo-1", "router-silo-2"], _builder.Resources.OfType<MetaLlmProjectResource>().Select(r => r.Name).Order());
    }

    [Fact]
    public void Silos_without_a_database_are_refused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Router().WithSilos(1));
        Assert.Equal("'router' cannot have silos: WithPostgres must come first.", error.Message);
    }

    [Fact]
    public async Task A_router_of_the_image_gets_its_configuration_as_a_file()
    {
        var router = _builder.AddMetaLlm("router", tag: "1.2.3").WithDataVolume().WithUpstream("sim", "simulator");
        var resource = router.Resource;

        Assert.Equal("metallm:1.2.3", resource.TryGetContainerImageName(out var image) ? image : null);
        var files = resource.Annotations.OfType<ContainerFileSystemCallbackAnnotation>().Single();
        Assert.Equal("/etc/metallm", files.DestinationPath);
        var file = Assert.IsType<ContainerFile>((await files.Callback(new ContainerFileSystemCallbackContext { Model = resource, Services = NoServices.Instance }, default)).Single());
        Assert.Equal("simulator", Section(file.Contents!)["upstreams"]!["sim"]!["kind"]!.GetValue<string>());
        Assert.Equal("/data", resource.Annotations.OfType<ContainerMountAnnotation>().Single().Target);
    }

    private IResourceBuilder<MetaLlmProjectResource> Router() => _builder.AddMetaLlm<Projects.MetaLlm_Host>("router");

    private static JsonNode Section(string text) => JsonNode.Parse(text)!["MetaLlm"]!;

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
