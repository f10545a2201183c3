using MetaLlm.TestKit;
using static MetaLlm.Simulator.Tests.RunningSimulator;

namespace MetaLlm.Simulator.Tests;

public class FaultTests
{
    [Theory]
    [InlineData("429", HttpStatusCode.TooManyRequests)]
    [InlineData("rate-limit", HttpStatusCode.TooManyRequests)]
    [InlineData("500", HttpStatusCode.InternalServerError)]
    [InlineData("503", HttpStatusCode.ServiceUnavailable)]
    public async Task A_header_asks_for_an_error_status(string fault, HttpStatusCode expected)
    {
        await using var sim = await StartAsync();
        using var response = await sim.AskAsync("sim-nano", sim.AnyTask.Prompt, fault: fault);
        Assert.Equal(expected, response.StatusCode);
        Assert.NotEmpty((await ReadAsync(response)).GetProperty("error").GetProperty("message").GetString()!);
        Assert.Equal(expected == HttpStatusCode.TooManyRequests ? TimeSpan.FromSeconds(1) : null, response.Headers.RetryAfter?.Delta);
        Assert.Equal(1, sim.Server.Stats.For("sim-nano").Faults.Values.Sum());
        Assert.Equal(0, sim.Server.Stats.For("sim-nano").CostUsd);
    }

    [Fact]
    public async Task An_unknown_fault_in_the_header_is_refused_and_the_legal_ones_are_named()
    {
        await using var sim = await StartAsync();
        using var response = await sim.AskAsync("sim-nano", sim.AnyTask.Prompt, fault: "flood");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("'flood' is not one of 429", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_stream_breaks_off_and_bills_what_was_sent()
    {
        await using var sim = await StartAsync();
        using var response = await sim.AskAsync("sim-large", sim.AnyTask.Prompt, stream: true, fault: "cut-stream");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());

        var full = sim.Server.Truth.UsageFor(DefaultModels.Large, sim.AnyTask).CompletionTokens;
        var stats = sim.Server.Stats.For("sim-large");
        Assert.InRange(stats.CompletionTokens, full / 4, full * 3 / 4);
        Assert.Equal(0, stats.Completed);
    }

    [Fact]
    public async Task A_cut_body_breaks_off()
    {
        await using var sim = await StartAsync();
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var response = await sim.AskAsync("sim-large", sim.AnyTask.Prompt, fault: "cut-stream");
            await response.Content.ReadAsStringAsync();
        });
    }

    [Theory]
    [InlineData("malformed-json")]
    [InlineData("garbage-line")]
    public async Task A_broken_body_is_no_json(string fault)
    {
        await using var sim = await StartAsync();
        using var response = await sim.AskAsync("sim-nano", sim.AnyTask.Prompt, fault: fault);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<JsonException>(() => ReadAsync(response));
    }

    [Fact]
    public async Task A_malformed_event_sits_among_sound_ones()
    {
        await using var sim = await StartAsync();
        using var response = await sim.AskAsync("sim-large", sim.AnyTask.Prompt, stream: true, fault: "malformed-json");
        var events = await EventsAsync(response);
        var broken = Assert.Single(events[..^1], text => !IsJson(text));
        Assert.StartsWith("{", broken, StringComparison.Ordinal);
        Assert.Equal("[DONE]", events[^1]);
    }

    [Fact]
    public async Task A_garbage_line_sits_between_sound_events()
    {
        await using var sim = await StartAsync();
        using var response = await sim.AskAsync("sim-large", sim.AnyTask.Prompt, stream: true, fault: "garbage-line");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Single(lines, line => !line.StartsWith("data: ", StringComparison.Ordinal));
        Assert.All(lines.Where(line => line.StartsWith("data: {", StringComparison.Ordinal)), line => Assert.True(IsJson(line["data: ".Length..])));
    }

    [Fact]
    public async Task A_timeout_hangs_until_the_client_leaves()
    {
        await using var sim = await StartAsync();
        using var patience = new CancellationTokenSource();
        var request = sim.PostAsync(Chat("sim-nano", sim.AnyTask.Prompt), "timeout", patience.Token);
        await HangsAsync(sim);
        Assert.False(request.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Fact]
    public async Task Stopping_lets_go_of_hung_requests()
    {
        var sim = await StartAsync();
        var request = sim.PostAsync(Chat("sim-nano", sim.AnyTask.Prompt), "timeout");
        await HangsAsync(sim);
        await sim.Server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => request);
        sim.Client.Dispose();
    }

    [Fact]
    public async Task A_slow_first_token_comes_late_but_the_reply_is_whole()
    {
        var time = new ManualTime();
        await using var sim = await StartAsync(options => options with { TimeProvider = time });
        sim.Server.Faults.Add(new FaultRule { Kind = FaultKind.SlowFirstToken, Delay = TimeSpan.FromSeconds(30), Count = 1 });
        var request = sim.ReplyAsync("sim-nano", sim.AnyTask.Prompt);
        Assert.Equal(TimeSpan.FromSeconds(30), await time.NextWait);
        Assert.False(request.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(sim.Server.Truth.ReplyTo(DefaultModels.Nano, sim.AnyTask), await request);
    }

    [Fact]
    public async Task Rules_come_and_go_over_http()
    {
        await using var sim = await StartAsync();
        using var added = await sim.PostTextAsync("sim/faults", """{"model":"sim-nano","kind":"429","count":2,"retry_after_seconds":7}""");
        Assert.Equal(HttpStatusCode.NoContent, added.StatusCode);
        Assert.Equal([HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests, HttpStatusCode.OK], await Statuses(sim, "sim-nano", 3));
        Assert.Equal([HttpStatusCode.OK], await Statuses(sim, "sim-coder", 1));
        Assert.Empty(sim.Server.Faults.Rules);

        sim.Server.Faults.Add(new FaultRule { Kind = FaultKind.ServerError });
        using var removed = await sim.Client.DeleteAsync(new Uri("sim/faults", UriKind.Relative));
        Assert.Equal("""{"removed":1}""", await removed.Content.ReadAsStringAsync());
        Assert.Equal([HttpStatusCode.OK], await Statuses(sim, "sim-nano", 1));
    }

    [Theory]
    [InlineData("""{"kind":"flood"}""", "'flood'")]
    [InlineData("""{"kind":"429","model":"gpt-x"}""", "'gpt-x'")]
    [InlineData("""{"kind":"429","probability":1.5,"count":0}""", "probability: 1.5 is outside (0, 1]. count: 0 is below 1.")]
    [InlineData("""{"kind":"429","typo":1}""", "typo")]
    [InlineData("""{"kind":"slow-first-token","delay_seconds":1e300}""", "delay_seconds")]
    [InlineData("not json", "JSON")]
    public async Task A_bad_rule_is_refused_and_named(string body, string mention)
    {
        await using var sim = await StartAsync();
        using var response = await sim.PostTextAsync("sim/faults", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(mention, (await ReadAsync(response)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(sim.Server.Faults.Rules);
    }

    [Fact]
    public async Task Random_faults_repeat_with_the_seed_and_strike_about_as_often_as_said()
    {
        var runs = new List<List<HttpStatusCode>>();
        foreach (var seed in new[] { 1, 1, 2 })
        {
            await using var sim = await StartAsync(options => options with { Seed = seed, Faults = [new FaultRule { Kind = FaultKind.Unavailable, Probability = 0.3 }] });
            runs.Add(await Statuses(sim, "sim-nano", 200));
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
        Assert.InRange(runs[0].Count(status => status == HttpStatusCode.ServiceUnavailable), 40, 80);
    }

    private static async Task<List<HttpStatusCode>> Statuses(RunningSimulator sim, string model, int count)
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < count; i++)
        {
            using var response = await sim.AskAsync(model, sim.AnyTask.Prompt);
            statuses.Add(response.StatusCode);
        }

        return statuses;
    }

    /// <summary>The request is on its way while the test goes on.</summary>
    private static Task HangsAsync(RunningSimulator sim) => Eventually.TrueAsync(
        "the request hangs", () => sim.Server.Stats.For("sim-nano").Faults.Count == 1, TimeSpan.FromSeconds(10));

    private static bool IsJson(string text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
