using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.FunctionalTests.Rollout;

/// <summary>A gateway with a tenant for each test: models a and b, of which a is cheaper and chosen, c, which is not enabled, and a server that retrieves.</summary>
public sealed class RolloutGateway : IAsyncLifetime
{
    private static readonly string[] Tenants = ["variants", "shadowed", "capped", "canaried", "exported"];

    private WebApplication _retriever = null!;
    private ScriptedUpstream _upstream = null!;
    private RunningGateway _gateway = null!;

    /// <summary>What the retriever was asked, and with which key.</summary>
    internal ConcurrentQueue<(string Authorization, JsonNode Body)> Asked { get; } = [];

    /// <summary>What models were sent.</summary>
    internal ConcurrentQueue<JsonNode> Sent { get; } = [];

    internal Client Admin => _gateway.With(TestConfiguration.AdminKey);

    internal Client Of(string tenant) => _gateway.With(Key(tenant));

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _retriever = builder.Build();
        _retriever.MapPost("/ask", async (HttpContext context) =>
        {
            Asked.Enqueue((context.Request.Headers.Authorization.ToString(), (await JsonNode.ParseAsync(context.Request.Body))!));
            return Results.Json(new { text = "Rome is warm." });
        });
        await _retriever.StartAsync();
        _upstream = await ScriptedUpstream.StartAsync();
        foreach (var model in new[] { "a", "b", "c" })
        {
            _upstream.On(model, (context, body) =>
            {
                Sent.Enqueue(JsonNode.Parse(body)!);
                return ScriptedModel.AnswerAsync(context, body);
            });
        }

        _gateway = await RunningGateway.StartAsync(Configuration(), variable: Variable);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
        await _retriever.DisposeAsync();
    }

    private static string Key(string tenant) => $"{tenant}-key-0123456789";

    private static string KeyVariable(string tenant) => $"KEY_OF_{tenant}";

    private static string? Variable(string name) =>
        name == "TEST_NOTES_KEY" ? "notes-key" : Tenants.FirstOrDefault(tenant => name == KeyVariable(tenant)) is { } tenant ? Key(tenant) : TestConfiguration.Variable(name);

    private JsonObject Configuration()
    {
        var configuration = TestConfiguration.Create();
        var section = configuration["MetaLlm"]!.AsObject();
        section["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        section["retrievers"] = new JsonObject
        {
            ["notes"] = new JsonObject
            {
                ["url"] = $"{_retriever.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}/ask",
                ["apiKeyEnvironment"] = "TEST_NOTES_KEY",
                ["usdPerCall"] = 0.01,
                ["timeoutSeconds"] = 30,
            },
        };
        section["tenants"] = new JsonArray([.. Tenants.Select(tenant => TestConfiguration.Tenant(tenant, KeyVariable(tenant)))]);
        _upstream.Configure(configuration, "a", "b", "c");
        for (var i = 0; i < Tenants.Length; i++)
        {
            TestConfiguration.TenantAt(configuration, i)["arms"]![2]!["enabled"] = false;
        }

        TestConfiguration.TenantAt(configuration, 0)["arms"]![0]!["variants"] =
            new JsonArray(new JsonObject { ["id"] = "notes", ["effort"] = "high", ["systemPrompt"] = "Be brief.", ["retriever"] = "notes" });
        TestConfiguration.TenantAt(configuration, 1)["shadow"] = new JsonObject { ["models"] = new JsonArray("c"), ["share"] = 1, ["usd"] = 5 };
        TestConfiguration.TenantAt(configuration, 2)["shadow"] = new JsonObject { ["models"] = new JsonArray("c"), ["share"] = 1, ["usd"] = 1e-9 };
        TestConfiguration.TenantAt(configuration, 3)["canary"] = new JsonObject { ["model"] = "b", ["share"] = 0.5 };
        return configuration;
    }
}
