using System.ClientModel;
using System.Text.Json.Nodes;
using OpenAI;
using OpenAI.Chat;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>A gateway whose models lie at a Messages provider, and the official client of the OpenAI format that knows nothing of it.</summary>
internal sealed class AnthropicGateway : IAsyncDisposable
{
    private const string Tenant = "payer";

    private AnthropicGateway(AnthropicUpstream upstream, RunningGateway gateway)
    {
        Upstream = upstream;
        Gateway = gateway;
        Client = gateway.With(UpstreamConfiguration.Key(Tenant));
    }

    public AnthropicUpstream Upstream { get; }

    public RunningGateway Gateway { get; }

    public Client Client { get; }

    public static Task<AnthropicGateway> StartAsync(Func<AnthropicCall, Order>? plan = null, params string[] models) => StartAsync(plan, [], models);

    public static async Task<AnthropicGateway> StartAsync(Func<AnthropicCall, Order>? plan, Dictionary<string, string> headers, params string[] models)
    {
        var upstream = await AnthropicUpstream.StartAsync(plan);
        var configuration = UpstreamConfiguration.Create(("claude", upstream.Address));
        var section = configuration["MetaLlm"]!["upstreams"]!["claude"]!;
        section["kind"] = "anthropic";
        section["apiKeyEnvironment"] = AnthropicUpstream.KeyVariable;
        section["headers"] = new JsonObject(headers.Select(h => KeyValuePair.Create<string, JsonNode?>(h.Key, h.Value)));
        UpstreamConfiguration.AddTenant(configuration, Tenant, [.. (models is [] ? ["claude-sonnet-4-5"] : models).Select(Arm)]);
        return new AnthropicGateway(upstream, await RunningGateway.StartAsync(configuration, variable: name => name == AnthropicUpstream.KeyVariable ? AnthropicUpstream.Key : UpstreamConfiguration.Variable(name)));
    }

    public ChatClient Chat(string model) => new OpenAIClient(
        new ApiKeyCredential(UpstreamConfiguration.Key(Tenant)),
        new OpenAIClientOptions { Endpoint = new Uri(Gateway.Address, "v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) }).GetChatClient(model);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    private static JsonObject Arm(string model)
    {
        var arm = UpstreamConfiguration.Arm(model, "claude", AnthropicUpstream.Price);
        arm["cacheWriteUsdPerMillion"] = AnthropicUpstream.CacheWriteUsd;
        return arm;
    }
}
