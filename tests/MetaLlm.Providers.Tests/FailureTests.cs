using System.Net;
using System.Net.Sockets;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Tests.Support;
using MetaLlm.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Providers.Tests;

public sealed class FailureTests
{
    [Theory]
    [InlineData(401, ChatFailure.Refused)]
    [InlineData(402, ChatFailure.Refused)]
    [InlineData(403, ChatFailure.Refused)]
    [InlineData(404, ChatFailure.Refused)]
    [InlineData(409, ChatFailure.ServerError)]
    [InlineData(425, ChatFailure.ServerError)]
    [InlineData(524, ChatFailure.Timeout)]
    [InlineData(529, ChatFailure.ServerError)]
    [InlineData(408, ChatFailure.Timeout)]
    [InlineData(429, ChatFailure.RateLimited)]
    [InlineData(500, ChatFailure.ServerError)]
    [InlineData(503, ChatFailure.ServerError)]
    [InlineData(504, ChatFailure.Timeout)]
    [InlineData(302, ChatFailure.BadAnswer)]
    public async Task A_status_says_what_kind_of_failure_it_is(int status, ChatFailure expected)
    {
        await using var upstream = await Upstream.StartAsync(c =>
        {
            c.Response.StatusCode = status;
            c.Response.Headers.RetryAfter = "17";
            return c.Response.WriteAsync("""{"error":{"message":"prompt text that must not be logged"}}""");
        });
        var failure = await FailAsync(upstream, upstream.Call("{}"));
        Assert.Equal(expected, failure.Failure);
        Assert.Equal(status, failure.UpstreamStatus);
        Assert.Equal(status is 408 or 409 or 425 or 429 or >= 500 ? TimeSpan.FromSeconds(17) : null, failure.RetryAfter);
        Assert.DoesNotContain("prompt", failure.ToString(), StringComparison.Ordinal);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task A_protocol_that_nobody_here_speaks_is_a_refusal_so_that_another_arm_may_serve()
    {
        await using var upstream = await Upstream.StartAsync(c => c.Response.WriteAsync("{}"));
        var call = upstream.Call("{}");
        var failure = await FailAsync(upstream, call with { Endpoint = call.Endpoint with { Protocol = "telex" } });
        Assert.Equal(ChatFailure.Refused, failure.Failure);
        Assert.Equal("Upstream 'up' speaks 'telex'; this process knows openai, azure-openai, anthropic, gemini, bedrock, openai-responses, chat-client.", failure.Message);
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[{"mess""")]
    [InlineData("""{"\ud800":1,"choices":[{}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"x","\ud800":1}}]}""")]
    [InlineData("""{"choices":[{"logprobs":[{"deep":{"x\udfff":1}}]}]}""")]
    [InlineData("""{"choices":[{}],"usage":{"\ud800":1}}""")]
    [InlineData("""{"choices":[{}]}""")]
    [InlineData("""{"choices":[{"message":{"role":"assistant","content":""},"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"message":{"role":"assistant","content":null}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"a"},"finish_reason":"stop"},{"message":{"content":"b"},"finish_reason":null}]}""")]
    public async Task An_answer_that_is_none_is_a_failure(string body)
    {
        await using var upstream = await Upstream.StartAsync(c => c.Response.WriteAsync(body));
        Assert.Equal(ChatFailure.BadAnswer, (await FailAsync(upstream, upstream.Call("{}"))).Failure);
    }

    [Theory]
    [InlineData("""{"error":{"message":"secret"}}""", ChatFailure.ServerError)]
    [InlineData("""{"error":{"message":"\ud800"}}""", ChatFailure.ServerError)]
    [InlineData("""{"error":"secret"}""", ChatFailure.ServerError)]
    [InlineData("""{"detail":"secret"}""", ChatFailure.ServerError)]
    [InlineData("""{"error":{"code":"429","message":"secret"}}""", ChatFailure.RateLimited)]
    [InlineData("""{"choices":[{"index":0,"message":{"role":"assistant","content":""},"finish_reason":"error","error":{"code":502,"message":"secret"}}]}""", ChatFailure.ServerError)]
    [InlineData("""{"choices":[{"index":0,"message":{"role":"assistant","content":"Hel"},"finish_reason":"error"}]}""", ChatFailure.ServerError)]
    [InlineData("""{"error":{"code":400,"message":"secret"},"choices":[{"message":{"content":"x"}}]}""", ChatFailure.Objected)]
    public async Task An_error_in_a_good_answers_place_is_the_failure_that_it_names(string body, ChatFailure expected)
    {
        await using var upstream = await Upstream.StartAsync(c => c.Response.WriteAsync(body));
        var failure = await FailAsync(upstream, upstream.Call("{}"));
        Assert.Equal(expected, failure.Failure);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Strange_json_is_passed_on_or_a_failure_of_the_upstream(bool stream)
    {
        const string Template = """
            {"id":"u","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"x\n","tool_calls":[{"id":"t","function":{"name":"f","arguments":"{}"}}]},"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],
            "usage":{"prompt_tokens":5,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":1}},"error":null,"extra":{"a":[1,{"b":2}]}}
            """;
        var strange = new StrangeJson(seed: 20_260_302, oneIn: 40);
        await using var upstream = await Upstream.StartAsync(c => stream
            ? Upstream.EventAsync(c, $"data: {strange.Change(Template)}\n\ndata: {strange.Change(Template)}\n\ndata: [DONE]\n\n")
            : c.Response.WriteAsync(strange.Change(Template)));
        var (passed, failed) = (0, 0);
        for (var i = 0; i < 300; i++)
        {
            try
            {
                await using var response = await upstream.Provider.SendAsync(upstream.Call("{}", stream), CancellationToken.None);
                await Upstream.ReadAsync(response);
                passed++;
            }
            catch (ChatProviderException)
            {
                failed++;
            }
        }

        Assert.InRange(passed, 10, 290);
        Assert.Equal(300, passed + failed);
    }

    [Theory]
    [InlineData("x-request-id")]
    [InlineData("Content-Type")]
    public async Task A_header_that_cannot_be_handed_on_is_left_out(string header)
    {
        await using var upstream = await Upstream.StartAsync(c =>
        {
            c.Response.Headers[header] = "application/json; a=\"\u00e9\"";
            return c.Response.WriteAsync("""{"choices":[{"message":{"content":"x"}}]}""");
        });
        await using var response = await upstream.Provider.SendAsync(upstream.Call("{}"), CancellationToken.None);
        Assert.All(response.Headers.Select(h => h.Value).Append(response.ContentType), value => Assert.True(System.Text.Ascii.IsValid(value), value));
    }

    [Fact]
    public async Task A_connection_that_nobody_accepts_is_tried_again_and_then_a_failure()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        await using var upstream = await Upstream.StartAsync(_ => Task.CompletedTask);
        var call = upstream.Call("{}");
        var nowhere = call with { Endpoint = call.Endpoint with { BaseAddress = new Uri($"http://127.0.0.1:{port}/v1"), ConnectRetries = 1 } };
        var failure = await FailAsync(upstream, nowhere);
        Assert.Equal(ChatFailure.Connection, failure.Failure);
        Assert.True(failure.NeverSent);
    }

    [Theory]
    [InlineData(true, 3, "first byte")]
    [InlineData(false, 20, "plain answer")]
    public async Task Silence_ends_at_the_limit(bool stream, int seconds, string limit)
    {
        var time = new FakeTimeProvider();
        var reached = new TaskCompletionSource();
        await using var upstream = await Upstream.StartAsync(
            async c =>
            {
                reached.SetResult();
                await Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            },
            time);
        var timeouts = new UpstreamTimeouts { FirstByte = TimeSpan.FromSeconds(3), Plain = TimeSpan.FromSeconds(20), Total = TimeSpan.FromSeconds(30) };
        var sending = upstream.Provider.SendAsync(upstream.Call("{}", stream, timeouts), CancellationToken.None).AsTask();
        await reached.Task;
        time.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));
        var failure = await Assert.ThrowsAsync<ChatProviderException>(() => sending);
        Assert.Equal(ChatFailure.Timeout, failure.Failure);
        Assert.Contains(limit, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_is_no_failure_of_the_arm()
    {
        using var leaving = new CancellationTokenSource();
        var reached = new TaskCompletionSource();
        await using var upstream = await Upstream.StartAsync(async c =>
        {
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var sending = upstream.Provider.SendAsync(upstream.Call("{}"), leaving.Token).AsTask();
        await reached.Task;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    private static Task<ChatProviderException> FailAsync(Upstream upstream, ChatCall call) =>
        Assert.ThrowsAsync<ChatProviderException>(() => upstream.Provider.SendAsync(call, CancellationToken.None).AsTask());
}
