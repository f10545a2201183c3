using System.Globalization;
using System.Text.Json.Nodes;
using MetaLlm.Core.Numerics;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Cascades;

/// <summary>
/// A gateway whose tenants have "small" answer first, which is right about six questions in ten, and tells by its log-probabilities which. "large" costs a hundred times as much, and is always right.
/// A question that begins with "Flat" gets the same log-probabilities whatever the answer; of one that begins with "Fail", large fails.
/// </summary>
internal sealed class CascadedGateway : IAsyncDisposable
{
    public const double SmallUsd = 14e-6;
    public const double LargeUsd = 14e-4;

    /// <summary>What small says to a question that begins with "Count", which it counts once the client has left, or with "Silent", which it never ends.</summary>
    public static readonly string LongAnswer = string.Join(' ', Enumerable.Repeat("word", 8000));

    private static readonly string[] Tenants = ["whole", "waiting", "capped", "checked"];

    private readonly ScriptedUpstream _upstream;
    private readonly JsonObject _configuration;
    private RunningGateway _gateway = null!;

    private CascadedGateway(ScriptedUpstream upstream)
    {
        _upstream = upstream;
        _configuration = Configuration();
    }

    /// <summary>Is released for each long answer whose text has been sent.</summary>
    public SemaphoreSlim Streaming { get; } = new(0);

    /// <summary>Is to be released once the client of a long answer has left.</summary>
    public SemaphoreSlim Left { get; } = new(0);

    /// <summary>Bodies that small was sent, in order.</summary>
    public List<JsonNode> AskedSmall { get; } = [];

    public IReadOnlyCollection<string> Called => _upstream.Called;

    public Client Admin => _gateway.With(TestConfiguration.AdminKey);

    public Client Of(string tenant) => _gateway.With(Key(tenant));

    public static async Task<CascadedGateway> StartAsync()
    {
        var upstream = await ScriptedUpstream.StartAsync();
        var cascaded = new CascadedGateway(upstream);
        upstream.On("small", cascaded.SmallAsync);
        upstream.On("large", LargeAsync);
        cascaded._gateway = await RunningGateway.StartAsync(cascaded._configuration, variable: Variable);
        return cascaded;
    }

    public async Task RestartAsync()
    {
        await _gateway.StopAsync();
        _gateway = await RunningGateway.StartAsync(_configuration, directory: _gateway.Directory, variable: Variable);
    }

    public static bool IsRight(int question) => CounterRandom.Uniform(3, (ulong)question) < 0.6;

    /// <summary>Questions that small is wrong about, and shows much doubt of.</summary>
    public static IEnumerable<int> Doubtful(int from) => Enumerable.Range(from, 1000).Where(i => !IsRight(i) && CounterRandom.Uniform(4, (ulong)i) > 0.5);

    /// <summary>Asks, and says whether the answer was right.</summary>
    public static async Task<Asked> AskAsync(Client tenant, int question, string word = "Question")
    {
        var reply = (await tenant.ChatAsync($"{word} {question}?")).Ok();
        var reward = reply.Text.Contains($"is {question}.", StringComparison.Ordinal) ? 1 : 0;
        (await tenant.PostAsync("/v1/feedback", new { decision_id = reply.DecisionId, reward })).Ok();
        var escalated = reply.Headers.ContainsKey("x-metallm-escalated-from");
        return new Asked(reply, escalated, reward, escalated ? SmallUsd + LargeUsd : reply.Model == "large" ? LargeUsd : SmallUsd);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
        Streaming.Dispose();
        Left.Dispose();
    }

    private static string Key(string tenant) => $"{tenant}-key-0123456789";

    private static string? Variable(string name) => Tenants.FirstOrDefault(tenant => name == $"KEY_OF_{tenant}") is { } tenant ? Key(tenant) : TestConfiguration.Variable(name);

    private async Task SmallAsync(HttpContext context, string body)
    {
        var request = JsonNode.Parse(body)!;
        lock (AskedSmall)
        {
            AskedSmall.Add(request);
        }

        var (word, question) = Read(request);
        if (word is "Count" or "Silent")
        {
            await SendLongAsync(context, word);
            return;
        }

        var right = IsRight(question);
        var noise = CounterRandom.Uniform(4, (ulong)question);
        var logarithm = word == "Flat" ? -1 : right ? -0.2 - noise : -0.9 - (1.5 * noise);
        await SendAsync(context, request, $"The answer is {(right ? question : -question)}.", (bool?)request["logprobs"] == true ? logarithm : null);
    }

    private async Task SendLongAsync(HttpContext context, string word)
    {
        await ScriptedUpstream.BeginAsync(context);
        await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text(LongAnswer));
        Streaming.Release();
        await Left.WaitAsync(context.RequestAborted);
        if (word == "Silent")
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Usage(10, 20_000));
        await ScriptedUpstream.SendAsync(context, "[DONE]");
    }

    private static async Task LargeAsync(HttpContext context, string body)
    {
        var request = JsonNode.Parse(body)!;
        var (word, question) = Read(request);
        if (word == "Fail")
        {
            await ScriptedUpstream.FailAsync(context, 500);
            return;
        }

        await SendAsync(context, request, $"I am sure that it is {question}.", null);
    }

    private static (string Word, int Question) Read(JsonNode request)
    {
        var words = ((string)request["messages"]!.AsArray()[^1]!["content"]!).Split(' ');
        return (words[0], int.Parse(words[1].TrimEnd('?'), CultureInfo.InvariantCulture));
    }

    private static async Task SendAsync(HttpContext context, JsonNode request, string said, double? logarithm)
    {
        object? logprobs = logarithm is { } told ? new { content = new[] { new { token = said, logprob = told, top_logprobs = Array.Empty<object>() } } } : null;
        if ((bool?)request["stream"] != true)
        {
            await ScriptedUpstream.FailAsync(context, 200, JsonSerializer.Serialize(new
            {
                id = "u", choices = new[] { new { index = 0, message = new { role = "assistant", content = said }, logprobs, finish_reason = "stop" } }, usage = new { prompt_tokens = 10, completion_tokens = 2 },
            }));
            return;
        }

        await ScriptedUpstream.BeginAsync(context);
        await ScriptedUpstream.SendAsync(context, JsonSerializer.Serialize(new { id = "u", choices = new[] { new { index = 0, delta = new { content = said }, logprobs, finish_reason = (string?)null } } }));
        await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("", "stop"));
        await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Usage(10, 2));
        await ScriptedUpstream.SendAsync(context, "[DONE]");
    }

    private JsonObject Configuration()
    {
        var configuration = TestConfiguration.Create();
        var section = configuration["MetaLlm"]!.AsObject();
        section["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        section["tenants"] = new JsonArray([.. Tenants.Select(tenant => TestConfiguration.Tenant(tenant, $"KEY_OF_{tenant}"))]);
        _upstream.Configure(configuration, "small", "large");
        for (var i = 0; i < Tenants.Length; i++)
        {
            var tenant = TestConfiguration.TenantAt(configuration, i);
            foreach (var (arm, usd) in tenant["arms"]!.AsArray().Zip([1.0, 100.0]))
            {
                (arm!["inputUsdPerMillion"], arm["outputUsdPerMillion"], arm["priorOutputTokens"], arm["maxOutputTokens"]) = (usd, 2 * usd, 2, 50);
            }

            tenant["priceWeight"] = 250;
            tenant["cascade"] = JsonNode.Parse("""{"enabled":true,"models":["large"]}""");
        }

        TestConfiguration.TenantAt(configuration, 1)["cascade"]!["streamed"] = "wait";
        TestConfiguration.TenantAt(configuration, 2)["budget"] = new JsonObject { ["hardCapUsd"] = 0.025 };
        TestConfiguration.TenantAt(configuration, 3)["cascade"] = JsonNode.Parse("""{"enabled":true,"logProbabilities":false,"checkers":[{"kind":"regex","pattern":"is \\d"}]}""");
        return configuration;
    }

    /// <summary>A question that was asked.</summary>
    /// <param name="Reply">The answer.</param>
    /// <param name="Escalated">Whether another model took over.</param>
    /// <param name="Reward">1 where it was right.</param>
    /// <param name="Usd">What it cost in all.</param>
    internal sealed record Asked(Reply Reply, bool Escalated, int Reward, double Usd);
}
