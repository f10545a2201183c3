using MetaLlm.Engine.Orleans.Hosting;

var builder = WebApplication.CreateBuilder(args);
var database = builder.Configuration.GetConnectionString("Metallm") ?? throw new InvalidOperationException("ConnectionStrings:Metallm is missing.");
var cluster = new OrleansClusterOptions { Membership = ClusterMembership.Database, ConnectionString = database };

if (builder.Configuration["role"] == "silo")
{
    builder.Services.AddMetaLlmPostgres(store => store.ConnectionString = database).AddMetaLlmEmbeddings().AddMetaLlmProviders();
    builder.UseOrleans(silo => silo
        .UseMetaLlmCluster(cluster)
        .AddMetaLlmSnapshots(SnapshotStorage.Database, database)
        .AddMetaLlm());
    builder.Build().Run();
    return;
}

builder.UseOrleansClient(client => client.UseMetaLlmCluster(cluster).AddMetaLlm());
builder.Services.AddMetaLlmGateway(builder.Configuration);
var app = builder.Build();
app.MapMetaLlm();
app.Run();
