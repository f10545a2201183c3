using System.Text;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Providers.Tests;

public sealed class StreamTests
{
    private const string First = """data: {"id":"up","model":"m","choices":[{"index":0,"delta":{"content":"Hel"}}],"usage":null}""" + "\n\n";
    private const string Last = """data: {"id":"up","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n";
    private const string Usage = """data: {"id":"up","model":"m","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}""" + "\n\n";
    private const string Done = "data: [DONE]\n\n";

    [Fact]
    public async Task An_event_is_handed_out_before_the_next_one_exists()
    {
        var goOn = new TaskCompletionSource();
        await using var upstream = await Upstream.StartAsync(async c =>
        {
            await Upstream.EventAsync(c, First);
            await goOn.Task;
            await Upstream.EventAsync(c, Last + Done);
        });
        await using var response = await upstream.Provider.SendAsync(upstream.Call("{}", stream: true), CancellationToken.None);
        await using var parts = response.Parts.GetAsyncEnumerator();
        Assert.True(await parts.MoveNextAsync());
        Assert.Equal("""data: {"id":"chatcmpl-d1","model":"arm","choices":[{"index":0,"delta":{"content":"Hel"}}]}""" + "\n\n", Encoding.UTF8.GetString(parts.Current.Bytes.Span));
        Assert.Equal(3, parts.Current.OutputCharacters);
        goOn.SetResult();
        Assert.True(await parts.MoveNextAsync());
        Assert.True(await parts.MoveNextAsync());
        Assert.True(parts.Current.IsLast);
    }

    [Fact]
    public async Task A_count_that_the_client_did_not_ask_for_stays_with_us()
    {
        var (parts, raw) = await ReadAsync(First + Last + Usage + Done, "{}");
        Assert.DoesNotContain(parts, p => p.Contains("usage", StringComparison.Ordinal));
        Assert.Equal(new(5, 0, 2), raw.Select(r => r.Usage).Where(u => u is not null).Distinct().Single());
    }

    [Fact]
    public async Task A_count_that_the_client_asked_for_is_handed_on()
    {
        var (parts, _) = await ReadAsync(First + Last + Usage + Done, """{"stream_options":{"include_usage":true}}""");
        Assert.Contains(parts, p => p.Contains("\"completion_tokens\":2", StringComparison.Ordinal));
        Assert.Contains("\"usage\":null", parts[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comments_pass_unchanged_once_the_answer_has_begun()
    {
        var (parts, _) = await ReadAsync(": wait\n\n" + First + ": still there\n\n" + Last + Done, "{}");
        Assert.StartsWith("data:", parts[0], StringComparison.Ordinal);
        Assert.Equal(": still there\n\n", parts[1]);
        Assert.Equal(Done, parts[^1]);
    }

    [Fact]
    public async Task A_flood_of_comments_before_the_answer_is_not_kept()
    {
        var flood = string.Concat(Enumerable.Repeat(": " + new string('c', 1021) + "\n", 64)) + "\n:\n\n\n";
        await using var upstream = await Upstream.StartAsync(async c =>
        {
            for (var i = 0; i < 64; i++)
            {
                await Upstream.EventAsync(c, ": small\n\n" + flood);
            }

            await Upstream.EventAsync(c, First + Last + Done);
        });
        await using var response = await upstream.Provider.SendAsync(upstream.Call("{}", stream: true), CancellationToken.None);
        var (parts, _) = await Upstream.ReadAsync(response);
        Assert.StartsWith("data:", parts[0], StringComparison.Ordinal);
        Assert.Equal(Done, parts[^1]);
    }

    [Fact]
    public async Task Comments_extend_the_limit_of_the_first_byte_up_to_the_total_one()
    {
        var time = new FakeTimeProvider();
        using var upstream = new ScriptedUpstream(time);
        var sending = upstream.SendAsync(new UpstreamTimeouts { FirstByte = TimeSpan.FromSeconds(2), Total = TimeSpan.FromSeconds(9) }).AsTask();
        for (var i = 0; i < 5; i++)
        {
            await upstream.SayAsync(i % 2 == 0 ? ": wait\n\n" : "data: ping\n\n");
            time.Advance(TimeSpan.FromSeconds(1.5));
            Assert.False(sending.IsCompleted);
        }

        await upstream.SayAsync(": wait\n\n");
        time.Advance(TimeSpan.FromSeconds(1.6));
        var failure = await Assert.ThrowsAsync<ChatProviderException>(() => sending);
        Assert.Equal(ChatFailure.Timeout, failure.Failure);
        Assert.Contains("total", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finished_answer_without_its_closing_mark_gets_one()
    {
        var (parts, raw) = await ReadAsync(First + Last, "{}");
        Assert.Equal(Done, parts[^1]);
        Assert.True(raw[^1].IsLast);
    }

    [Theory]
    [InlineData("data: nonsense\n\n", ChatFailure.BadAnswer)]
    [InlineData("data: {\"error\":{\"message\":\"overloaded\"}}\n\n", ChatFailure.ServerError)]
    [InlineData("", ChatFailure.BadAnswer)]
    [InlineData(": only a comment\n\n", ChatFailure.BadAnswer)]
    [InlineData("data: {\"\\ud800\":1,\"choices\":[]}\n\n", ChatFailure.BadAnswer)]
    [InlineData("data: {\"choices\":[{\"delta\":{\"a\":{\"x\\udfff\":1}}}]}\n\n", ChatFailure.BadAnswer)]
    [InlineData("data: {\"error\":{\"message\":\"\\ud800\"}}\n\n", ChatFailure.ServerError)]
    public async Task What_begins_badly_never_reaches_the_client(string stream, ChatFailure expected)
    {
        await using var upstream = await Upstream.StartAsync(c => Upstream.EventAsync(c, stream));
        var failure = await Assert.ThrowsAsync<ChatProviderException>(
            () => upstream.Provider.SendAsync(upstream.Call("{}", stream: true), CancellationToken.None).AsTask());
        Assert.Equal(expected, failure.Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("data: {\"choices\":[{\"del\n\n")]
    [InlineData("garbage without a field\ndata: nonsense\n\n")]
    [InlineData("data: {\"error\":{\"message\":\"overloaded\"}}\n\n")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"\\ud800\":1}}]}\n\n")]
    [InlineData("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"b\\udfff\":1}}\n\n")]
    public async Task What_ends_badly_is_cut(string rest)
    {
        var failure = await Assert.ThrowsAsync<ChatProviderException>(() => ReadAsync(First + rest, "{}"));
        Assert.Equal(ChatFailure.Cut, failure.Failure);
    }

    [Theory]
    [InlineData("application/json", """{"choices":[{"message":{"content":"x"}}]}""", ChatFailure.BadAnswer)]
    [InlineData("application/json", "secret", ChatFailure.BadAnswer)]
    [InlineData("text/secret", """{"error":{"code":429}}""", ChatFailure.BadAnswer)]
    [InlineData("Application/JSON; charset=utf-8", """{"error":{"code":429,"message":"secret"}}""", ChatFailure.RateLimited)]
    public async Task A_plain_answer_to_a_stream_request_is_a_failure(string contentType, string body, ChatFailure expected)
    {
        await using var upstream = await Upstream.StartAsync(c =>
        {
            c.Response.ContentType = contentType;
            return c.Response.WriteAsync(body);
        });
        var failure = await Assert.ThrowsAsync<ChatProviderException>(
            () => upstream.Provider.SendAsync(upstream.Call("{}", stream: true), CancellationToken.None).AsTask());
        Assert.Equal(expected, failure.Failure);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_ends_at_the_idle_limit()
    {
        var time = new FakeTimeProvider();
        await using var upstream = await Upstream.StartAsync(
            async c =>
            {
                await Upstream.EventAsync(c, First);
                await Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            },
            time);
        await using var response = await upstream.Provider.SendAsync(
            upstream.Call("{}", stream: true, new UpstreamTimeouts { Idle = TimeSpan.FromSeconds(2) }), CancellationToken.None);
        await using var parts = response.Parts.GetAsyncEnumerator();
        Assert.True(await parts.MoveNextAsync());
        var next = parts.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2.1));
        Assert.Equal(ChatFailure.Timeout, (await Assert.ThrowsAsync<ChatProviderException>(() => next)).Failure);
    }

    private static async Task<(List<string> Parts, List<ChatPart> Raw)> ReadAsync(string stream, string body)
    {
        await using var upstream = await Upstream.StartAsync(c => Upstream.EventAsync(c, stream));
        await using var response = await upstream.Provider.SendAsync(upstream.Call(body, stream: true), CancellationToken.None);
        return await Upstream.ReadAsync(response);
    }
}
