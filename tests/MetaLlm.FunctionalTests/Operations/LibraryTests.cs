using System.Net.Http.Json;
using System.Reflection;
using System.Runtime.CompilerServices;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>MetaLlm inside somebody else's ASP.NET application.</summary>
public sealed class LibraryTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-library-").FullName;
    private readonly int[] _ports = FreePorts.Find(2);
    private SimulatorServer _simulator = null!;

    public async Task InitializeAsync() => _simulator = await SimulatorServer.StartAsync(new SimulatorOptions { TasksPerType = 5, TimeScale = 0 });

    [Fact]
    public async Task An_application_of_its_own_routes_beside_its_own_endpoints()
    {
        var builder = CreateBuilder();
        builder.AddMetaLlm(settings =>
        {
            (settings.Cluster.Options.SiloPort, settings.Cluster.Options.GatewayPort) = (_ports[0], _ports[1]);
            settings.Storage.Sqlite.Path = File("app.db");
            (settings.Embeddings.ModelDirectory, settings.Embeddings.AllowHashingFallback) = ("no-model-so-that-words-are-hashed", true);
        });
        await using var app = builder.Build();
        app.MapMetaLlm();
        app.MapGet("/mine", () => "mine");
        await app.StartAsync();

        using var http = ClientOf(app);
        Assert.Equal("mine", await http.GetStringAsync("/mine"));
        await ChatAsync(http);
        await app.StopAsync();
    }

    [Fact]
    public async Task A_chat_client_of_the_application_is_an_upstream()
    {
        var builder = CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["MetaLlm:upstreams:mine:kind"] = "chat-client",
            ["MetaLlm:tenants:0:arms:0:upstream"] = "mine",
        });
        builder.Services.AddKeyedSingleton<IChatClient>("mine", new EchoingClient());
        builder.AddMetaLlm(settings =>
        {
            (settings.Cluster.Options.SiloPort, settings.Cluster.Options.GatewayPort) = (_ports[0], _ports[1]);
            settings.Storage.Sqlite.Path = File("client.db");
            (settings.Embeddings.ModelDirectory, settings.Embeddings.AllowHashingFallback) = ("no-model-so-that-words-are-hashed", true);
        });
        await using var app = builder.Build();
        app.MapMetaLlm();
        await app.StartAsync();

        using var http = ClientOf(app);
        foreach (var stream in (bool[])[false, true])
        {
            using var response = await http.PostAsJsonAsync("/v1/chat/completions", new { model = "auto", stream, messages = new[] { new { role = "user", content = "echo me" } } });
            Assert.Contains("sim-nano: echo me", await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await app.StopAsync();
    }

    /// <summary>One letter for each part: gateway, silo, embedder, provider, journal.</summary>
    [Theory]
    [InlineData("gsepj")]
    [InlineData("jpesg")]
    [InlineData("sgjep")]
    [InlineData("egpsj")]
    public async Task The_order_in_which_parts_are_added_does_not_matter(string order)
    {
        var builder = CreateBuilder();
        foreach (var part in order)
        {
            Add(builder, part);
        }

        await using var app = builder.Build();
        app.MapMetaLlm();
        await app.StartAsync();

        using var http = ClientOf(app);
        await ChatAsync(http);
        await app.StopAsync();
    }

    [Fact]
    public async Task A_silo_that_was_added_after_the_gateway_records_what_is_settled_while_it_stops()
    {
        var builder = CreateBuilder();
        foreach (var part in "gsepj")
        {
            Add(builder, part);
        }

        builder.Services.AddSingleton<SiloStop>();
        builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<SiloStop>());
        builder.Services.AddSingleton(HeldSettlements.Create);
        await using var app = builder.Build();
        app.MapMetaLlm();
        await app.StartAsync();

        using var http = ClientOf(app);
        var decision = await ChatAsync(http);
        Assert.Equal(1, app.Services.GetRequiredService<PendingSettlements>().Count);
        await app.StopAsync();

        Assert.Equal(0, app.Services.GetRequiredService<SiloStop>().StillPending);
        var stored = await app.Services.GetRequiredService<ITenantJournal>().FindDecisionAsync("app", decision, default);
        Assert.Equal(CallOutcome.Completed, stored!.Settlement!.Outcome);
    }

    public async Task DisposeAsync()
    {
        await _simulator.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static HttpClient ClientOf(WebApplication app) => new()
    {
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()),
    };

    private static async Task<string> ChatAsync(HttpClient http)
    {
        using var answer = await http.PostAsJsonAsync("/v1/chat/completions", new { model = "auto", messages = new[] { new { role = "user", content = "Hello?" } } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal("sim-nano", answer.Headers.GetValues("x-metallm-model").Single());
        return answer.Headers.GetValues("x-metallm-decision-id").Single();
    }

    private void Add(WebApplicationBuilder builder, char part)
    {
        switch (part)
        {
            case 'g':
                builder.Services.AddMetaLlmGateway(builder.Configuration);
                break;
            case 's':
                builder.UseOrleans(silo => silo
                    .AddMetaLlm()
                    .AddMetaLlmSnapshots(SnapshotStorage.Journal)
                    .UseMetaLlmCluster(new OrleansClusterOptions { SiloPort = _ports[0], GatewayPort = _ports[1] }));
                break;
            case 'e':
                builder.Services.AddMetaLlmEmbeddings(o => (o.ModelDirectory, o.AllowHashingFallback) = ("no-model-so-that-words-are-hashed", true));
                break;
            case 'p':
                builder.Services.AddMetaLlmProviders();
                break;
            default:
                builder.Services.AddMetaLlmSqlite(o => o.Path = File("order.db"));
                break;
        }
    }

    private string File(string name) => Path.Combine(_directory, name);

    private WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["MetaLlm:anonymousTenant"] = "app",
            ["MetaLlm:upstreams:sim:kind"] = "openai",
            ["MetaLlm:upstreams:sim:baseUrl"] = new Uri(_simulator.BaseAddress, "v1").ToString(),
            ["MetaLlm:tenants:0:id"] = "app",
            ["MetaLlm:tenants:0:arms:0:id"] = "sim-nano",
            ["MetaLlm:tenants:0:arms:0:upstream"] = "sim",
            ["MetaLlm:tenants:0:arms:0:inputUsdPerMillion"] = "0.05",
            ["MetaLlm:tenants:0:arms:0:outputUsdPerMillion"] = "0.2",
        });
        return builder;
    }

    /// <summary>Says which model was asked, and what.</summary>
    private sealed class EchoingClient : IChatClient
    {
        public Task<Microsoft.Extensions.AI.ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new Microsoft.Extensions.AI.ChatResponse(new ChatMessage(ChatRole.Assistant, $"{options?.ModelId}: {messages.Last().Text}")));

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            {
                yield return update;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    /// <summary>Lets held settlements go when the silo begins to stop, and looks for them at the next step of its stop.</summary>
    private sealed class SiloStop(IServiceProvider services) : ILifecycleParticipant<ISiloLifecycle>
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public int? StillPending { get; private set; }

        public void Participate(ISiloLifecycle lifecycle)
        {
            lifecycle.Subscribe("begun", ServiceLifecycleStage.Last, _ => Task.CompletedTask, _ => Task.Run(_begun.SetResult, CancellationToken.None));
            lifecycle.Subscribe("next", ServiceLifecycleStage.Last - 1, _ => Task.CompletedTask, _ => Task.Run(Look, CancellationToken.None));
        }

        private void Look() => StillPending = services.GetRequiredService<PendingSettlements>().Count;
    }

    /// <summary>The engine, whose settlements wait until the silo begins to stop.</summary>
    private class HeldSettlements : DispatchProxy
    {
        private ITenantEngine _engine = null!;
        private Task _begun = null!;

        public static ITenantEngine Create(IServiceProvider services)
        {
            var held = Create<ITenantEngine, HeldSettlements>();
            var proxy = (HeldSettlements)(object)held;
            (proxy._engine, proxy._begun) = (services.GetRequiredService<OrleansTenantEngine>(), services.GetRequiredService<SiloStop>().Begun);
            return held;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == nameof(ITenantEngine.SettleAsync)
            ? new ValueTask(SettleAsync((string)args![0]!, (Settlement)args[1]!))
            : targetMethod.Invoke(_engine, args);

        private async Task SettleAsync(string tenant, Settlement settlement)
        {
            await _begun;
            await _engine.SettleAsync(tenant, settlement, default);
        }
    }
}
