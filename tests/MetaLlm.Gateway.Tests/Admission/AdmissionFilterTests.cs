using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tests.Support;
using MetaLlm.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Tests.Admission;

/// <summary>What clients see of limits and of load, over HTTP.</summary>
public sealed class AdmissionFilterTests : IAsyncDisposable
{
    private const string Limited = "key-of-LIMITED";
    private const string Free = "key-of-FREE";
    private const string Question = """{"model":"auto","max_tokens":50,"messages":[{"role":"user","content":"Hello."}]}""";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly RecordingEngine _engine = new("a");
    private readonly ScriptedProvider _provider = new();
    private readonly HttpClient _http = new();
    private AdmissionLimits _ofKey = AdmissionLimits.None;
    private WebApplication? _app;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await (_app?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task A_call_beyond_the_limit_of_requests_is_refused_as_OpenAI_does_and_reaches_nothing()
    {
        await StartAsync(("MetaLlm:tenants:0:limits:requestsPerMinute", "2"));
        var first = await PostAsync(Limited);
        Assert.Equal((HttpStatusCode.OK, "2", "1"), (first.Status, first["x-ratelimit-limit-requests"], first["x-ratelimit-remaining-requests"]));
        Assert.Matches("^(1m|[0-9.]+s)", first["x-ratelimit-reset-requests"]);
        Assert.Null(first["x-ratelimit-limit-tokens"]);
        Assert.Equal("0", (await PostAsync(Limited, "/v1/route"))["x-ratelimit-remaining-requests"]);

        // Refused before the body is read: nobody finds out that it is no JSON.
        var refused = await PostAsync(Limited, body: "{");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal(("requests", "rate_limit_exceeded", JsonValueKind.Null), (refused.Error("type"), refused.Error("code"), refused.Param));
        Assert.StartsWith("Rate limit reached for the tenant on requests per minute (RPM): Limit 2, Used 2, Requested 1. Please try again in ", refused.Error("message"), StringComparison.Ordinal);
        Assert.InRange(int.Parse(refused["Retry-After"]!, null), 55, 61);
        Assert.InRange(int.Parse(refused["retry-after-ms"]!, null), 55_000, 61_000);
        Assert.Equal(("2", "0"), (refused["x-ratelimit-limit-requests"], refused["x-ratelimit-remaining-requests"]));
        Assert.Equal(2, _engine.Log.Count(entry => entry == "decide"));
        Assert.Single(_provider.Called);

        var free = await PostAsync(Free);
        Assert.Equal((HttpStatusCode.OK, (string?)null), (free.Status, free["x-ratelimit-limit-requests"]));
    }

    [Fact]
    public async Task Tokens_are_taken_by_what_an_answer_may_have_and_come_back_when_it_had_less()
    {
        await StartAsync(("MetaLlm:tenants:0:limits:tokensPerMinute", "100"));
        var first = await PostAsync(Limited);
        Assert.Equal((HttpStatusCode.OK, "100"), (first.Status, first["x-ratelimit-limit-tokens"]));
        Assert.InRange(int.Parse(first["x-ratelimit-remaining-tokens"]!, null), 30, 50);

        // The answer had 8 tokens: after the next renewal there is room again.
        await Eventually.TrueAsync("the tokens come back", async () => (await PostAsync(Limited)).Status == HttpStatusCode.OK);
        var large = await PostAsync(Limited, body: Question.Replace("50", "500", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.TooManyRequests, "tokens", (string?)null), (large.Status, large.Error("type"), large["Retry-After"]));
        Assert.Contains("Request too large for the tenant on tokens per minute (TPM): Limit 100", large.Error("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_counts_among_the_parallel_ones_until_it_has_been_answered()
    {
        await StartAsync(("MetaLlm:tenants:0:limits:parallelCalls", "1"));
        var gate = new TaskCompletionSource();
        _engine.DecisionGate = gate.Task;
        var first = PostAsync(Limited);
        await Eventually.TrueAsync("the first call decides", () => _engine.Log.Count > 0);
        var second = await PostAsync(Limited);
        Assert.Equal((HttpStatusCode.TooManyRequests, "requests"), (second.Status, second.Error("type")));
        Assert.Contains("parallel calls: Limit 1", second.Error("message"), StringComparison.Ordinal);

        gate.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first.WaitAsync(Longest)).Status);
        await Eventually.TrueAsync("a call is admitted again", async () => (await PostAsync(Limited)).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_limits_of_a_key_hold_for_a_tenant_without_any()
    {
        _ofKey = new AdmissionLimits { RequestsPerMinute = 1 };
        await StartAsync();
        Assert.Equal("0", (await PostAsync(Free))["x-ratelimit-remaining-requests"]);
        var refused = await PostAsync(Free);
        Assert.StartsWith("Rate limit reached for the API key", refused.Error("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_tell_how_the_limits_stand_too()
    {
        await StartAsync(("MetaLlm:tenants:0:limits:requestsPerMinute", "5"));
        var bad = await PostAsync(Limited, body: "{");
        Assert.Equal((HttpStatusCode.BadRequest, "4"), (bad.Status, bad["x-ratelimit-remaining-requests"]));
    }

    [Fact]
    public async Task A_tenant_that_waits_too_long_for_the_model_is_turned_away_before_its_body_is_read_and_others_are_not()
    {
        await StartAsync(("MetaLlm:routing:embeddingPlaces", "1"), ("MetaLlm:routing:longestWaitSeconds", "60"));
        var limiter = _app!.Services.GetRequiredService<FairConcurrencyLimiter>();
        var places = Enumerable.Range(0, 100_000).Select(_ => Enter(limiter)).TakeWhile(entered => entered is not null).ToList();
        Assert.True(limiter.IsOverloaded("limited", out _));
        var shed = await PostAsync(Limited, body: "{");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "overloaded", "server_error"), (shed.Status, shed.Error("code"), shed.Error("type")));
        Assert.InRange(int.Parse(shed["Retry-After"]!, null), 1, 30);
        Assert.Empty(_engine.Log);

        // Where more are turned away than cost little, a refusal is held: a client that comes again at once asks nothing meanwhile.
        var pace = _app.Services.GetRequiredService<RefusalPace>();
        var held = System.Diagnostics.Stopwatch.StartNew();
        for (var hold = TimeSpan.Zero; hold < RefusalPace.Longest; hold = pace.Take())
        {
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync(Limited)).Status);
        Assert.InRange(held.Elapsed, 0.9 * RefusalPace.Longest, Longest);

        var other = PostAsync(Free);
        await Eventually.TrueAsync("the other tenant waits for its turn", () => limiter.Waiting == places.Count);
        limiter.Leave();
        limiter.Leave();
        Assert.Equal(HttpStatusCode.OK, (await other.WaitAsync(Longest)).Status);
        Assert.InRange(limiter.Waiting, places.Count - 4, places.Count - 2);
    }

    [Fact]
    public async Task Bodies_that_would_fill_the_memory_are_refused_while_others_hold_it()
    {
        await StartAsync(("MetaLlm:limits:bodyMemoryBytes", "1048576"));
        var gate = new TaskCompletionSource();
        _engine.DecisionGate = gate.Task;
        var body = Question.Replace("Hello.", new string('x', 700_000), StringComparison.Ordinal);
        var first = PostAsync(Free, body: body);
        await Eventually.TrueAsync("the first call decides", () => _engine.Log.Count > 0);
        var second = await PostAsync(Free, body: body);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "overloaded", "1"), (second.Status, second.Error("code"), second["Retry-After"]));

        gate.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first.WaitAsync(Longest)).Status);
        var memory = _app!.Services.GetRequiredService<BodyMemory>();
        await Eventually.TrueAsync("the memory is free again", () => memory.Held == 0);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Free, body: body)).Status);
    }

    private static Task? Enter(FairConcurrencyLimiter limiter)
    {
        try
        {
            return limiter.EnterAsync("limited", default).AsTask();
        }
        catch (OverloadedException)
        {
            return null;
        }
    }

    private async Task StartAsync(params (string Key, string Value)[] settings)
    {
        _provider.Parts["a"] = _ => new ChatResponse(
            200, "application/json", [], new[] { new ChatPart("{}"u8.ToArray(), new TokenUsage(5, 0, 3), 3, true) }.ToAsyncEnumerable(), null);
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var configuration = new Dictionary<string, string?> { ["MetaLlm:upstreams:up:baseUrl"] = "http://127.0.0.1:9/v1" };
        foreach (var (tenant, i) in ((string, int)[])[("limited", 0), ("free", 1)])
        {
            configuration[$"MetaLlm:tenants:{i}:id"] = tenant;
            configuration[$"MetaLlm:tenants:{i}:keyEnvironments:0"] = tenant.ToUpperInvariant();
            configuration[$"MetaLlm:tenants:{i}:arms:0:id"] = "a";
            configuration[$"MetaLlm:tenants:{i}:arms:0:upstream"] = "up";
            configuration[$"MetaLlm:tenants:{i}:arms:0:inputUsdPerMillion"] = "1";
            configuration[$"MetaLlm:tenants:{i}:arms:0:outputUsdPerMillion"] = "1";
        }

        builder.Configuration.AddInMemoryCollection(configuration);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.Services.AddMetaLlmGateway(builder.Configuration, new SettingsContext { Variable = name => $"key-of-{name}" });
        builder.Services.AddSingleton<ITenantEngine>(_engine);
        builder.Services.AddSingleton<IEmbedder>(new FixedEmbedder());
        builder.Services.AddSingleton<IChatProvider>(_provider);
        _app = builder.Build();
        _app.MapGroup("").AddFilter(new KeyWithLimits(this)).MapMetaLlm();
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
    }

    private async Task<Answer> PostAsync(string key, string path = "/v1/chat/completions", string body = Question)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await _http.SendAsync(request);
        return new Answer(response.StatusCode, response.Headers.ToDictionary(h => h.Key, h => h.Value.First(), StringComparer.OrdinalIgnoreCase), await response.Content.ReadAsStringAsync());
    }

    // As authentication does for a key that has limits.
    private sealed class KeyWithLimits(AdmissionFilterTests test) : IApiFilter
    {
        public Task InvokeAsync(HttpContext http, RequestDelegate next)
        {
            if (!test._ofKey.IsUnlimited)
            {
                http.Features.Set(http.CallerKey() with { Limits = test._ofKey });
            }

            return next(http);
        }
    }

    private sealed record Answer(HttpStatusCode Status, Dictionary<string, string> Headers, string Body)
    {
        public string? this[string header] => Headers.GetValueOrDefault(header);

        public JsonValueKind Param => JsonDocument.Parse(Body).RootElement.GetProperty("error").GetProperty("param").ValueKind;

        public string Error(string member) => JsonDocument.Parse(Body).RootElement.GetProperty("error").GetProperty(member).GetString()!;
    }
}
