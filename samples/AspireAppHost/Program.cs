using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

// A database of your own is named by ConnectionStrings:metallm. Without it, PostgreSQL runs in a container.
IResourceBuilder<IResourceWithConnectionString> database = builder.Configuration.GetConnectionString("metallm") is null
    ? builder.AddPostgres("postgres").WithDataVolume().AddDatabase("metallm")
    : builder.AddConnectionString("metallm");

// The router speaks HTTP; the silo owns tenants, embeds and calls upstreams. The host plays invented models, so that no provider key is needed.
var router = builder.AddMetaLlm<Projects.MetaLlm_Host>("router")
    .WithPostgres(database)
    .WithSilos(1)
    .WithAdminKey(builder.AddParameter("admin-key", secret: true))
    .WithConsole()
    .WithUpstream("sim", "simulator", configure: sim => (sim["seed"], sim["timeScale"]) = (1, 0.1))
    .WithExternalHttpEndpoints();

// An application gets address and key with WithReference(demo), and calls builder.AddMetaLlmClient("demo").
router.AddTenant("demo", builder.AddParameter("demo-key", secret: true))
    .WithBudget(usdPerRequest: 0.0005)
    .WithModel("sim-nano", "sim", inputUsdPerMillion: 0.05, outputUsdPerMillion: 0.20)
    .WithModel("sim-coder", "sim", inputUsdPerMillion: 0.30, outputUsdPerMillion: 1.20)
    .WithModel("sim-large", "sim", inputUsdPerMillion: 2.50, outputUsdPerMillion: 10.00);

builder.Build().Run();
