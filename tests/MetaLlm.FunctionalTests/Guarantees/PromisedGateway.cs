using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Guarantees;

/// <summary>A gateway whose tenants promise answers like those of "large". "small" costs a hundredth, words its answers otherwise, and is wrong about every fortieth question; "wild" costs less and is always wrong.</summary>
internal sealed class PromisedGateway : IAsyncDisposable
{
    public const int WrongEvery = 40;
    public const double SmallUsd = 14e-6;
    public const double LargeUsd = 14e-4;

    private static readonly string[] Tenants = ["promised", "poor", "judged"];

    private readonly ScriptedUpstream _upstream;
    private readonly JsonObject _configuration;
    private RunningGateway _gateway = null!;

    private PromisedGateway(ScriptedUpstream upstream)
    {
        _upstream = upstream;
        _configuration = Configuration();
    }

    public Client Admin => _gateway.With(TestConfiguration.AdminKey);

    /// <summary>Models that were called, in order.</summary>
    public IReadOnlyCollection<string> Called => _upstream.Called;

    public Client Of(string tenant) => _gateway.With(Key(tenant));

    public static async Task<PromisedGateway> StartAsync()
    {
        var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("wild", (context, body) => AnswerAsync(context, body, i => $"The answer is {-i - 1}."));
        upstream.On("small", (context, body) => AnswerAsync(context, body, i => $"The answer is {(i % WrongEvery == 7 ? -i : i)}."));
        upstream.On("judge", JudgeAsync);
        upstream.On("large", (context, body) => AnswerAsync(context, body, i => $"I have thought about it. The ANSWER is  {i}"));
        var promised = new PromisedGateway(upstream);
        promised._gateway = await RunningGateway.StartAsync(promised._configuration, variable: Variable);
        return promised;
    }

    public async Task RestartAsync()
    {
        await _gateway.StopAsync();
        _gateway = await RunningGateway.StartAsync(_configuration, directory: _gateway.Directory, variable: Variable);
    }

    /// <summary>The guarantee of a tenant once everything was compared.</summary>
    public async Task<JsonElement> GuaranteeAsync(string tenant) => (await Eventually.ReadAsync(
        "everything is compared", () => Admin.GetAsync($"/admin/v1/tenants/{tenant}/guarantee"), reply => reply.Ok().Json.GetProperty("certificate").GetProperty("pending").GetInt32() == 0, reply => reply.Text)).Json;

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private static string Key(string tenant) => $"{tenant}-key-0123456789";

    private static string? Variable(string name) => Tenants.FirstOrDefault(tenant => name == $"KEY_OF_{tenant}") is { } tenant ? Key(tenant) : TestConfiguration.Variable(name);

    private static async Task AnswerAsync(HttpContext context, string body, Func<int, string> answer)
    {
        var request = JsonNode.Parse(body)!;
        var asked = (string)request["messages"]!.AsArray()[^1]!["content"]!;
        if (asked.StartsWith("Fail", StringComparison.Ordinal))
        {
            await ScriptedUpstream.FailAsync(context, 500);
            return;
        }

        var said = answer(int.Parse(asked.Split(' ')[1].TrimEnd('?'), System.Globalization.CultureInfo.InvariantCulture));
        if ((bool?)request["stream"] != true)
        {
            await ScriptedUpstream.FailAsync(context, 200, JsonSerializer.Serialize(new
            {
                id = "u", choices = new[] { new { index = 0, message = new { role = "assistant", content = said }, finish_reason = "stop" } }, usage = new { prompt_tokens = 10, completion_tokens = 2 },
            }));
            return;
        }

        await ScriptedUpstream.BeginAsync(context);
        await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text(said[..5]));
        await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text(said[5..], "stop"));
        await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Usage(10, 2));
        await ScriptedUpstream.SendAsync(context, "[DONE]");
    }

    // It compares the numbers of the reference and of the answer.
    private static Task JudgeAsync(HttpContext context, string body)
    {
        var asked = (string)JsonNode.Parse(body)!["messages"]!.AsArray()[^1]!["content"]!;
        string[] numbers = [.. Regex.Matches(asked, "(?i)answer is\\s+(-?\\d+)").Select(match => match.Groups[1].Value)];
        var score = numbers is [var reference, var answer] && reference == answer ? 1 : 0;
        return ScriptedUpstream.FailAsync(context, 200, JsonSerializer.Serialize(new
        {
            id = "u", choices = new[] { new { index = 0, message = new { role = "assistant", content = $"{{\"score\": {score}}}" }, finish_reason = "stop" } }, usage = new { prompt_tokens = 10, completion_tokens = 2 },
        }));
    }

    private JsonObject Configuration()
    {
        var configuration = TestConfiguration.Create();
        var section = configuration["MetaLlm"]!.AsObject();
        section["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        section["tenants"] = new JsonArray([.. Tenants.Select(tenant => TestConfiguration.Tenant(tenant, $"KEY_OF_{tenant}"))]);
        _upstream.Configure(configuration, "wild", "small", "large");
        for (var i = 0; i < Tenants.Length; i++)
        {
            var tenant = TestConfiguration.TenantAt(configuration, i);
            foreach (var (arm, usd) in tenant["arms"]!.AsArray().Zip([0.5, 1.0, 100.0]))
            {
                (arm!["inputUsdPerMillion"], arm["outputUsdPerMillion"]) = (usd, 2 * usd);
            }

            tenant["guarantee"] = JsonNode.Parse("""{"reference":"large","difference":0.1,"auditUsd":5,"equality":{"kind":"exact","pattern":"(?i)answer is\\s+(-?\\d+)"}}""");
        }

        TestConfiguration.TenantAt(configuration, 1)["guarantee"]!["auditUsd"] = 1e-9;
        var judged = TestConfiguration.TenantAt(configuration, 2);
        var judge = TestConfiguration.Arm("judge", upstream: "scripted");
        judge["enabled"] = false;
        judged["arms"]!.AsArray().Add((JsonNode)judge);
        judged["guarantee"]!["equality"] = JsonNode.Parse("""{"kind":"model","model":"judge"}""");
        return configuration;
    }
}
