using System.Net.Http.Json;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Gateway;
using MetaLlm.Host;
using MetaLlm.Providers;
using MetaLlm.Simulator;
using MetaLlm.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>The gateway inside somebody else's ASP.NET application, composed as the README says.</summary>
public sealed class LibraryTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-library-").FullName;

    [Fact]
    public async Task An_application_of_its_own_routes_beside_its_own_endpoints()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { TasksPerType = 5, TimeScale = 0 });
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["MetaLlm:anonymousTenant"] = "app",
            ["MetaLlm:upstreams:sim:kind"] = "openai",
            ["MetaLlm:upstreams:sim:baseUrl"] = new Uri(simulator.BaseAddress, "v1").ToString(),
            ["MetaLlm:tenants:0:id"] = "app",
            ["MetaLlm:tenants:0:arms:0:id"] = "sim-nano",
            ["MetaLlm:tenants:0:arms:0:upstream"] = "sim",
            ["MetaLlm:tenants:0:arms:0:inputUsdPerMillion"] = "0.05",
            ["MetaLlm:tenants:0:arms:0:outputUsdPerMillion"] = "0.2",
        });
        var (file, ports) = (Path.Combine(_directory, "app.db"), FreePorts.Find(2));
        builder.Services
            .AddMetaLlmProviders()
            .AddMetaLlmEmbeddings(o => (o.ModelDirectory, o.AllowHashingFallback) = ("no-model-so-that-words-are-hashed", true))
            .AddMetaLlmSqlite(o => o.Path = file);
        builder.Host.UseOrleans(silo => silo
            .UseMetaLlmCluster(new OrleansClusterOptions { SiloPort = ports[0], GatewayPort = ports[1] })
            .AddMetaLlmSnapshots(SnapshotStorage.Sqlite, $"Data Source={file}")
            .AddMetaLlm());
        builder.Services.AddMetaLlm(builder.Configuration);
        await using var app = builder.Build();
        app.MapMetaLlm();
        app.MapGet("/mine", () => "mine");
        await app.StartAsync();

        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        Assert.Equal("mine", await http.GetStringAsync("/mine"));
        using var answer = await http.PostAsJsonAsync("/v1/chat/completions", new { model = "auto", messages = new[] { new { role = "user", content = "Hello?" } } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal("sim-nano", answer.Headers.GetValues("x-metallm-model").Single());
        await app.StopAsync();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
