using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using MetaLlm.Host;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.FunctionalTests.Cluster;

/// <summary>The configuration files under deploy, as they are shipped, with a database, keys and an address of the test.</summary>
public sealed class ShippedConfigurationTests
{
    public static TheoryData<string> Folders => [.. Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "deploy"), "metallm.json", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(AppContext.BaseDirectory, Path.GetDirectoryName(file)!))
        .Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_kind_of_deployment_is_looked_at() => Assert.Equal(4, Folders.Count);

    [PostgresTheory]
    [MemberData(nameof(Folders))]
    public async Task A_reward_reaches_its_owner_by_the_stream(string folder)
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        var silos = Path.Combine(AppContext.BaseDirectory, folder, "metallm-silo.json");
        await using (var silo = File.Exists(silos) ? await StartAsync(silos, database) : null)
        await using (var host = await StartAsync(Path.Combine(AppContext.BaseDirectory, folder, "metallm.json"), database))
        {
            using var http = new HttpClient { BaseAddress = host.Addresses[0], Timeout = TimeSpan.FromSeconds(30) };
            var client = new Client(http, Variable(host.Settings.Tenants.Values.Single().Id == "demo" ? "METALLM_DEMO_KEY" : "METALLM_ACME_KEY", database));
            var decision = await DecideAsync(host, client);
            Assert.Equal(1, decision.AppliedSequence);

            var feedback = new { decision_id = decision.DecisionId, reward = 1, idempotency_key = "one" };
            Assert.Equal("accepted", (await client.PostAsync("/v1/feedback", feedback)).Ok().Json.GetProperty("status").GetString());

            // The owner looks into the journal once an hour, and a decision does not make it look.
            await Eventually.ReadAsync(
                "a decision builds on the reward", () => DecideAsync(host, client), next => next.AppliedSequence == 2, next => $"It builds on event {next.AppliedSequence}.", TimeSpan.FromSeconds(20));
            await host.StopAsync(CancellationToken.None);
            await (silo?.StopAsync(CancellationToken.None) ?? Task.CompletedTask);
        }

        await server.DropDatabaseAsync(database);
    }

    private static async Task<Core.Tenancy.DecisionRecord> DecideAsync(MetaLlmHost host, Client client)
    {
        var id = (await client.PostAsync("/v1/route", Client.Chat("Which one?"))).Ok().DecisionId;
        return (await host.Services.GetRequiredService<ITenantEngine>().FindDecisionAsync(host.Settings.Tenants.Keys.Single(), id, default))!.Decision;
    }

    private static async Task<MetaLlmHost> StartAsync(string file, string database)
    {
        var host = await MetaLlmHost.BuildAsync(
            new MetaLlmHostOptions
            {
                ConfigFile = file,
                Listen = ["http://127.0.0.1:0"],
                AnySiloPorts = true,
                Variable = name => Variable(name, database),
                Logging = logging => logging.SetMinimumLevel(LogLevel.None),
                Services = services => services.Configure<OrleansEngineOptions>(o => o.CatchUpPeriod = TimeSpan.FromHours(1)),
            },
            CancellationToken.None);
        await host.StartAsync(CancellationToken.None);
        return host;
    }

    private static string Variable(string name, string database) => name switch
    {
        "METALLM_POSTGRES" => database,
        "METALLM_ADDRESS_IP" or "POD_IP" => "127.0.0.1",
        _ => $"value-of-{name}",
    };
}
