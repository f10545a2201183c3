using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

// A database of your own is named by ConnectionStrings:metallm. Without it, PostgreSQL runs in a container.
IResourceBuilder<IResourceWithConnectionString> database = builder.Configuration.GetConnectionString("metallm") is null
    ? builder.AddPostgres("postgres").WithDataVolume().AddDatabase("metallm")
    : builder.AddConnectionString("metallm");
var key = builder.AddParameter("demo-key", secret: true);

// silo.json and gateway.json, which lie beside this program unless somebody says otherwise.
var folder = builder.Configuration["configurations"] ?? builder.AppHostDirectory;

var migration = builder.AddProject<Projects.MetaLlm_Host>("migration", options => options.ExcludeLaunchProfile = true)
    .WithArgs("migrate", "--connection-env", "ConnectionStrings__metallm")
    .WithReference(database)
    .WaitFor(database);
var silo = AddHost("silo");
AddHost("gateway").WithEnvironment("METALLM_DEMO_KEY", key).WithExternalHttpEndpoints().WaitFor(silo);
builder.Build().Run();

IResourceBuilder<ProjectResource> AddHost(string name)
{
    var host = builder.AddProject<Projects.MetaLlm_Host>(name, options => options.ExcludeLaunchProfile = true)
        .WithHttpEndpoint()
        .WithHttpHealthCheck("/health/ready")
        .WithReference(database)
        .WaitForCompletion(migration);
    var port = host.GetEndpoint("http").Property(EndpointProperty.TargetPort);
    return host.WithArgs("--config", Path.Combine(folder, $"{name}.json"), "--listen", ReferenceExpression.Create($"http://127.0.0.1:{port}"));
}
