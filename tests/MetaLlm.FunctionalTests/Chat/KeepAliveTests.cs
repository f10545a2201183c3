using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Chat;

/// <summary>While nothing else comes, the client of a stream gets a comment now and then.</summary>
public sealed class KeepAliveTests : IAsyncLifetime
{
    private static readonly object Body = new { model = "auto", stream = true, messages = new[] { new { role = "user", content = "x" } } };

    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScriptedUpstream _upstream = null!;
    private RunningGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _gateway = await RunningGateway.StartAsync(Configure(0.1));
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Comments_come_before_a_silent_upstream_has_answered_and_the_answer_after_them()
    {
        _upstream.On("a", async (context, body) =>
        {
            await _gate.Task.WaitAsync(context.RequestAborted);
            await ScriptedUpstream.AnswerAsync(context, body);
        });
        using var response = await _gateway.Alpha.StreamAsync(Body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no", response.Headers.GetValues("x-accel-buffering").Single());
        var id = response.Headers.GetValues("x-metallm-decision-id").Single();
        Assert.False(response.Headers.Contains("x-metallm-attempts"));

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(": keep-alive", await reader.ReadLineAsync());
        _gate.SetResult();
        var rest = await reader.ReadToEndAsync();
        Assert.Contains("Hello.", rest, StringComparison.Ordinal);
        Assert.Contains("data: [DONE]", rest, StringComparison.Ordinal);
        var settlement = (await _gateway.Alpha.GetAsync($"/v1/decisions/{id}")).Ok().Json.GetProperty("settlement");
        Assert.Equal("completed", settlement.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Comments_come_in_a_gap_of_an_answer()
    {
        _upstream.On("a", async (context, body) =>
        {
            await ScriptedUpstream.BeginAsync(context);
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("Hel"));
            await _gate.Task.WaitAsync(context.RequestAborted);
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("lo", "stop"));
            await ScriptedUpstream.SendAsync(context, "[DONE]");
        });
        using var response = await _gateway.Alpha.StreamAsync(Body);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        string? line;
        do
        {
            line = await reader.ReadLineAsync();
        }
        while (line is not null and not ": keep-alive");
        Assert.NotNull(line);
        _gate.SetResult();
        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_every_model_fails_after_a_comment_the_error_is_an_event_and_the_end_an_orderly_one()
    {
        _upstream.On("a", async (context, _) =>
        {
            await _gate.Task.WaitAsync(context.RequestAborted);
            await ScriptedUpstream.FailAsync(context, 500);
        });
        var reading = RawStream.ReadAsync(_gateway, Body, TimeSpan.Zero);
        await Eventually.TrueAsync("the upstream is called", () => !_upstream.Called.IsEmpty, TimeSpan.FromSeconds(15));
        using (var other = await _gateway.Alpha.StreamAsync(Body))
        {
            // The first call has waited for as long as this one, which has begun without an answer.
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }

        _gate.SetResult();
        var text = await reading;
        Assert.StartsWith("HTTP/1.1 200 OK", text, StringComparison.Ordinal);
        Assert.Contains(": keep-alive", text, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"upstream_failed\"", text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n0\r\n\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_every_model_objects_after_a_comment_the_first_ones_words_are_an_event_whatever_they_hold()
    {
        _upstream.On("a", async (context, _) =>
        {
            await _gate.Task.WaitAsync(context.RequestAborted);
            await ScriptedUpstream.FailAsync(context, 400, "{\"error\":\r\n{\"message\":\n\"half \\ud800 of a pair\"}}\n");
        });
        using var response = await _gateway.Alpha.StreamAsync(Body);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(": keep-alive", await reader.ReadLineAsync());
        _gate.SetResult();
        Assert.EndsWith("data: {\"error\":  {\"message\": \"half \\ud800 of a pair\"}} \n\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_answer_and_a_refused_request_have_no_comments()
    {
        _upstream.On("a", async (context, body) =>
        {
            await _gate.Task.WaitAsync(context.RequestAborted);
            await ScriptedUpstream.AnswerAsync(context, body);
        });
        var plain = _gateway.Alpha.ChatAsync("x");
        await Eventually.TrueAsync("the upstream is called", () => !_upstream.Called.IsEmpty, TimeSpan.FromSeconds(15));
        using (var stream = await _gateway.Alpha.StreamAsync(Body))
        {
            // The plain call has waited for as long as this one, which has had a comment.
            Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        }

        _gate.SetResult();
        Assert.StartsWith("{", (await plain).Ok().Text, StringComparison.Ordinal);
        using var refused = await _gateway.Alpha.StreamAsync(new { model = "unknown", stream = true, messages = new[] { new { role = "user", content = "x" } } });
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    private JsonObject Configure(double seconds)
    {
        var configuration = _upstream.Configure("a");
        configuration["MetaLlm"]!["routing"]!["keepAliveSeconds"] = seconds;
        return configuration;
    }
}
