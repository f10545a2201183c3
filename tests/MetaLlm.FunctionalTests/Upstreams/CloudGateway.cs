using System.ClientModel;
using System.Text.Json.Nodes;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>A gateway whose models lie at Gemini, at Bedrock and at OpenAI's Responses API, shared by the tests of a class; models of either are named after how they behave.</summary>
public sealed class CloudGateway : IAsyncLifetime
{
    /// <summary>A Gemini that wants signatures back.</summary>
    public const string Gemini = "gemini-3-flash-preview";

    /// <summary>A Claude on Bedrock, called with a key that signs.</summary>
    public const string Claude = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";

    /// <summary>A model of OpenAI's that is only at its Responses API.</summary>
    public const string Responding = "o-pro";

    private const string Tenant = "clouds";

    private RunningGateway _gateway = null!;

    internal GeminiUpstream Google { get; } = new();

    internal BedrockUpstream Amazon { get; } = new();

    internal ResponsesUpstream OpenAi { get; } = new();

    internal Client Client => _gateway.With(UpstreamConfiguration.Key(Tenant));

    /// <summary>Where clients are pointed.</summary>
    public Uri Address => _gateway.Address;

    /// <summary>The tenant's key.</summary>
    public string Key => UpstreamConfiguration.Key(Tenant);

    public ChatClient Chat(string model) => new OpenAIClient(
        new ApiKeyCredential(Key), new OpenAIClientOptions { Endpoint = new Uri(Address, "v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) }).GetChatClient(model);

    public ResponsesClient Responses() => new(new ApiKeyCredential(Key), new ResponsesClientOptions { Endpoint = new Uri(Address, "v1") });

    public async Task InitializeAsync()
    {
        await Task.WhenAll(Google.StartAsync(), Amazon.StartAsync(), OpenAi.StartAsync());
        var configuration = UpstreamConfiguration.Create(("google", new Uri(Google.Root, "v1beta")), ("amazon", Amazon.Root), ("amazon-bearer", Amazon.Root), ("openai", new Uri(OpenAi.Root, "v1")));
        var upstreams = configuration["MetaLlm"]!["upstreams"]!;
        (upstreams["google"]!["kind"], upstreams["google"]!["apiKeyEnvironment"]) = ("gemini", "TEST_GEMINI_KEY");
        (upstreams["openai"]!["kind"], upstreams["openai"]!["apiKeyEnvironment"]) = ("openai-responses", "TEST_RESPONSES_KEY");
        foreach (var (name, variable) in new[] { ("amazon", "TEST_AWS_KEY"), ("amazon-bearer", "TEST_BEDROCK_KEY") })
        {
            (upstreams[name]!["kind"], upstreams[name]!["region"], upstreams[name]!["apiKeyEnvironment"]) = ("bedrock", BedrockUpstream.Region, variable);
        }

        UpstreamConfiguration.AddTenant(configuration, Tenant, [.. Arms()]);
        _gateway = await RunningGateway.StartAsync(configuration, variable: Variable);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await Google.DisposeAsync();
        await Amazon.DisposeAsync();
        await OpenAi.DisposeAsync();
    }

    private static IEnumerable<JsonObject> Arms()
    {
        var price = new ModelPrice(1m, 0.1m, 4m);
        foreach (var model in new[] { Gemini, "gemini-2.5-flash", "gemini-missing", "gemini-busy", "gemini-limited", "gemini-blocked", "gemini-cut" })
        {
            yield return UpstreamConfiguration.Arm(model, "google", price);
        }

        foreach (var model in new[] { Claude, "busy", "limited", "throttled-in-stream", "cut" })
        {
            yield return UpstreamConfiguration.Arm(model, "amazon", price);
        }

        foreach (var model in new[] { Responding, "o-plain", "o-objecting", "o-failing", "o-limited", "o-broken", "o-cut" })
        {
            yield return UpstreamConfiguration.Arm(model, "openai", price);
        }

        yield return UpstreamConfiguration.Arm("by-bearer", "amazon-bearer", price);
    }

    private static string? Variable(string name) => name switch
    {
        "TEST_RESPONSES_KEY" => ResponsesUpstream.Key,
        "TEST_GEMINI_KEY" => GeminiUpstream.Key,
        "TEST_AWS_KEY" => $"{BedrockUpstream.KeyId}:{BedrockUpstream.Secret}",
        "TEST_BEDROCK_KEY" => BedrockUpstream.BearerKey,
        _ => UpstreamConfiguration.Variable(name),
    };
}
