using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Upstreams;
using MetaLlm.Simulator.Faults;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>A kind of upstream, and what stands for its provider. Its column of the table, its arm and its upstream bear its name.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Model">A model that does what its request says: it calls tools until results are there, thinks, fills forms and says what it was shown.</param>
/// <param name="Objecting">A model that objects to every request.</param>
/// <param name="Failing">A model whose server fails.</param>
/// <param name="Staying">A model that never answers.</param>
/// <param name="StartAsync">Starts it.</param>
internal sealed record UpstreamKind(string Name, string Model, string Objecting, string Failing, string Staying, Func<Task<StartedKind>> StartAsync)
{
    /// <summary>Length of vectors.</summary>
    public const int Dimensions = 256;

    /// <summary>What an objecting model says.</summary>
    public const string Objection = "I object.";

    /// <summary>All of them: a column each.</summary>
    public static IReadOnlyList<UpstreamKind> All { get; } =
    [
        new("openai", "gpt", "gpt-objecting", "gpt-failing", "gpt-staying", OpenAiAsync),
        new("openai-responses", "o", "o-objecting", "o-failing", "o-staying", ResponsesAsync),
        new("anthropic", "claude-sonnet-4-5", "claude-objecting", "claude-failing", "claude-staying", AnthropicAsync),
        new("gemini", "gemini-3-flash-preview", "gemini-objecting", "gemini-busy", "gemini-staying", GeminiAsync),
        new("bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-objecting", "busy", "claude-staying", BedrockAsync),
        new("chat-client", "mine", "mine-objecting", "mine-failing", "mine-staying", ChatClientAsync),
        new("simulator", "sim-nano", "sim-math", "sim-coder", "sim-lingo", SimulatorAsync),
    ];

    /// <summary>The arms of a tenant that has every kind.</summary>
    public IEnumerable<JsonObject> Arms =>
    [
        TestConfiguration.Arm(Name, Model, Name),
        TestConfiguration.Arm($"{Name}-objecting", Objecting, Name),
        TestConfiguration.Arm($"{Name}-failing", Failing, Name),
        TestConfiguration.Arm($"{Name}-staying", Staying, Name),
    ];

    private static async Task<StartedKind> OpenAiAsync()
    {
        var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("gpt", ScriptedModel.AnswerAsync);
        upstream.On("gpt-objecting", (http, _) => ScriptedUpstream.FailAsync(http, 400, $$$"""{"error":{"message":"{{{Objection}}}","type":"invalid_request_error","param":null,"code":"no"}}"""));
        upstream.On("gpt-failing", (http, _) => ScriptedUpstream.FailAsync(http, 500));
        upstream.On("gpt-staying", (http, _) => Task.Delay(Timeout.Infinite, http.RequestAborted));
        upstream.On("vectors", ScriptedModel.EmbedAsync);
        return new StartedKind(new JsonObject { ["kind"] = "openai", ["baseUrl"] = upstream.Address.ToString() }, "vectors", upstream);
    }

    private static async Task<StartedKind> AnthropicAsync()
    {
        var upstream = await AnthropicUpstream.StartAsync(call => new Order(
            call.Model switch { "claude-objecting" => InvoiceFault.TooLong, "claude-failing" => InvoiceFault.ServerError, "claude-staying" => InvoiceFault.Hang, _ => InvoiceFault.None }, 12));
        return new StartedKind(new JsonObject { ["kind"] = "anthropic", ["baseUrl"] = upstream.Address.ToString(), ["apiKeyEnvironment"] = AnthropicUpstream.KeyVariable }, "vectors", upstream)
        {
            Keys = new Dictionary<string, string> { [AnthropicUpstream.KeyVariable] = AnthropicUpstream.Key },
        };
    }

    private static async Task<StartedKind> ResponsesAsync()
    {
        var upstream = new ResponsesUpstream();
        await upstream.StartAsync();
        return new StartedKind(new JsonObject { ["kind"] = "openai-responses", ["baseUrl"] = new Uri(upstream.Root, "v1").ToString(), ["apiKeyEnvironment"] = "TEST_RESPONSES_KEY" }, "vectors", upstream)
        {
            Keys = new Dictionary<string, string> { ["TEST_RESPONSES_KEY"] = ResponsesUpstream.Key },
        };
    }

    private static async Task<StartedKind> GeminiAsync()
    {
        var upstream = new GeminiUpstream();
        await upstream.StartAsync();
        return new StartedKind(new JsonObject { ["kind"] = "gemini", ["baseUrl"] = new Uri(upstream.Root, "v1beta").ToString(), ["apiKeyEnvironment"] = "TEST_GEMINI_KEY" }, "vectors", upstream)
        {
            Keys = new Dictionary<string, string> { ["TEST_GEMINI_KEY"] = GeminiUpstream.Key },
        };
    }

    private static async Task<StartedKind> BedrockAsync()
    {
        var upstream = new BedrockUpstream();
        await upstream.StartAsync();
        var settings = new JsonObject { ["kind"] = "bedrock", ["baseUrl"] = upstream.Root.ToString(), ["region"] = BedrockUpstream.Region, ["apiKeyEnvironment"] = "TEST_AWS_KEY" };
        return new StartedKind(settings, "vectors", upstream)
        {
            Keys = new Dictionary<string, string> { ["TEST_AWS_KEY"] = $"{BedrockUpstream.KeyId}:{BedrockUpstream.Secret}" },
        };
    }

    private static Task<StartedKind> ChatClientAsync() => Task.FromResult(new StartedKind(new JsonObject { ["kind"] = "chat-client" }, "vectors", null)
    {
        Services = services => services.AddKeyedSingleton<IChatClient>("chat-client", (_, _) => new ScriptedChatClient()),
    });

    private static Task<StartedKind> SimulatorAsync() => Task.FromResult(new StartedKind(new JsonObject { ["kind"] = "simulator", ["timeScale"] = 0 }, "sim-embed-small", null)
    {
        Simulator = simulator =>
        {
            simulator.Faults.Add(new FaultRule { Kind = FaultKind.ServerError, Model = "sim-coder" });
            simulator.Faults.Add(new FaultRule { Kind = FaultKind.Timeout, Model = "sim-lingo" });
        },
    });
}
