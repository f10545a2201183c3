using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Host;
using MetaLlm.TestKit.Charts;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.FunctionalTests.Cluster;

/// <summary>Every configuration that is shipped, as it is, with a database, keys and an address of the test.</summary>
public sealed class ShippedConfigurationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>Folders with the configuration of a cluster, and of its silos where these have one of their own.</summary>
    public static TheoryData<string> Clusters => [.. Under("deploy", "metallm.json")];

    /// <summary>Configurations of one process with SQLite.</summary>
    public static TheoryData<string> Files => [.. Under("config", "*.json").Concat(Under("samples", "appsettings.json"))];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_configuration_is_looked_at()
    {
        Assert.Equal(4, Clusters.Count);
        Assert.Equal(4, Files.Count);
    }

    [PostgresTheory]
    [MemberData(nameof(Clusters))]
    public async Task A_reward_reaches_its_owner_by_the_stream_of_a_cluster(string file)
    {
        var silos = Path.Combine(Path.GetDirectoryName(Full(file))!, "metallm-silo.json");
        await RewardAsync(Full(file), File.Exists(silos) ? silos : null);
    }

    [HelmTheory(postgres: true)]
    [InlineData(null)]
    [InlineData("ci/split.yaml")]
    public async Task A_reward_reaches_its_owner_by_the_stream_of_a_cluster_that_the_chart_configures(string? values)
    {
        using var certificates = new CertificateFolder();
        var files = new List<string>();
        foreach (var (name, json) in await Chart.ConfigurationsAsync(values))
        {
            files.Add(_directory.File(name + ".json"));
            await File.WriteAllTextAsync(files[^1], json.Replace("/run/secrets/metallm-tls", Path.GetDirectoryName(certificates.CaPath), StringComparison.Ordinal));
        }

        await RewardAsync(files[0], files.ElementAtOrDefault(1));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_reward_reaches_its_owner_by_the_stream_within_a_process(string file)
    {
        await using var host = await StartAsync(Full(file), database: "");
        await RewardAsync(host, "");
        await host.StopAsync(CancellationToken.None);
    }

    private async Task RewardAsync(string file, string? siloFile)
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        await using (var silo = siloFile is null ? null : await StartAsync(siloFile, database))
        await using (var host = await StartAsync(file, database))
        {
            await RewardAsync(host, database);
            await host.StopAsync(CancellationToken.None);
            await (silo?.StopAsync(CancellationToken.None) ?? Task.CompletedTask);
        }

        await server.DropDatabaseAsync(database);
    }

    private static async Task RewardAsync(MetaLlmHost host, string database)
    {
        var tenant = host.Settings.Tenants.Values.Single();
        var key = tenant.KeyFiles.Select(f => Variable(Path.GetFileName(f.Path), database)).Concat(tenant.KeyEnvironments.Select(e => e.Value)).FirstOrDefault();
        using var http = new HttpClient { BaseAddress = host.Addresses[0], Timeout = TimeSpan.FromSeconds(30) };
        var client = new Client(http, key);
        var decision = await DecideAsync(host, client);
        Assert.Equal(1, decision.AppliedSequence);

        var feedback = new { decision_id = decision.DecisionId, reward = 1, idempotency_key = "one" };
        Assert.Equal("accepted", (await client.PostAsync("/v1/feedback", feedback)).Ok().Json.GetProperty("status").GetString());

        // The owner looks into the journal once an hour, and a decision does not make it look.
        await Eventually.ReadAsync(
            "a decision builds on the reward", () => DecideAsync(host, client), next => next.AppliedSequence == 2, next => $"It builds on event {next.AppliedSequence}.", TimeSpan.FromSeconds(20));
    }

    private static async Task<Core.Tenancy.DecisionRecord> DecideAsync(MetaLlmHost host, Client client)
    {
        var id = (await client.PostAsync("/v1/route", Client.Chat("Which one?"))).Ok().DecisionId;
        return (await host.Services.GetRequiredService<ITenantEngine>().FindDecisionAsync(host.Settings.Tenants.Keys.Single(), id, default))!.Decision;
    }

    private async Task<MetaLlmHost> StartAsync(string file, string database)
    {
        var host = await MetaLlmHost.BuildAsync(
            new MetaLlmHostOptions
            {
                ConfigFile = file,
                DataDirectory = _directory.File("data"),
                Listen = ["http://127.0.0.1:0"],
                AnySiloPorts = true,
                Variable = name => Variable(name, database),
                Files = new SecretFiles(path => System.Text.Encoding.UTF8.GetBytes(Variable(Path.GetFileName(path), database))),
                Logging = logging => logging.SetMinimumLevel(LogLevel.None),
                Services = services => services.Configure<OrleansEngineOptions>(o => o.CatchUpPeriod = TimeSpan.FromHours(1)),
            },
            CancellationToken.None);
        await host.StartAsync(CancellationToken.None);
        return host;
    }

    private static IEnumerable<string> Under(string folder, string pattern) => Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, folder), pattern, SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(AppContext.BaseDirectory, file))
        .Where(file => !file.Contains("schema", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static string Full(string file) => Path.Combine(AppContext.BaseDirectory, file);

    /// <summary>What an environment variable holds, or a file of that name.</summary>
    private static string Variable(string name, string database) => name switch
    {
        "METALLM_POSTGRES" or "postgres" => database,
        "METALLM_ADDRESS_IP" or "POD_IP" => "127.0.0.1",
        _ => $"value-of-{name}",
    };
}
