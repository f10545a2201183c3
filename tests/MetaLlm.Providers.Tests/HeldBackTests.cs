using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Providers.Tests;

/// <summary>What carries no content reaches nobody until content is there, so that another arm may still answer.</summary>
public sealed class HeldBackTests
{
    private const string Role = """data: {"id":"u","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""" + "\n\n";
    private const string Hello = """data: {"id":"u","choices":[{"index":0,"delta":{"content":"Hel"}}]}""" + "\n\n";
    private const string Stop = """data: {"id":"u","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n";
    private const string Done = "data: [DONE]\n\n";
    private const string ErrorBeside = """data: {"id":"u","error":{"code":502,"message":"provider gone: secret prompt"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}""" + "\n\n";

    [Theory]
    [InlineData(Role + """data: {"error":{"message":"secret prompt"}}""" + "\n\n", ChatFailure.ServerError)]
    [InlineData(Role, ChatFailure.BadAnswer)]
    [InlineData(Role + Done, ChatFailure.BadAnswer)]
    [InlineData(Role + Stop + Done, ChatFailure.BadAnswer)]
    [InlineData(Done, ChatFailure.BadAnswer)]
    [InlineData(ErrorBeside + Done, ChatFailure.ServerError)]
    [InlineData("""data: {"detail":"Internal Server Error"}""" + "\n\n" + Done, ChatFailure.ServerError)]
    [InlineData("""data: {"object":"error","message":"secret prompt"}""" + "\n\n" + Done, ChatFailure.ServerError)]
    [InlineData("event: error\ndata: secret prompt\n\n", ChatFailure.ServerError)]
    [InlineData("""data: {"choices":[{"index":0,"delta":{},"error":{"code":429,"message":"x"}}]}""" + "\n\n", ChatFailure.RateLimited)]
    [InlineData("""data: {"error":{"code":"rate_limit_exceeded"}}""" + "\n\n", ChatFailure.RateLimited)]
    [InlineData("""data: {"error":{"code":401,"message":"key sk-abc"}}""" + "\n\n", ChatFailure.Refused)]
    [InlineData("""data: {"error":{"code":"context_length_exceeded","message":"too long"}}""" + "\n\n", ChatFailure.Objected)]
    [InlineData("""data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":0}}""" + "\n\n" + Done, ChatFailure.BadAnswer)]
    [InlineData("data: ping\n\ndata:\n\n" + Done, ChatFailure.BadAnswer)]
    public async Task Until_content_comes_every_end_is_a_failure_of_the_attempt(string stream, ChatFailure expected)
    {
        var failure = await Assert.ThrowsAsync<ChatProviderException>(() => ReadAsync(stream));
        Assert.Equal(expected, failure.Failure);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sk-abc", failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(expected == ChatFailure.Objected, failure.Objection is not null);
    }

    [Theory]
    [InlineData(ErrorBeside + Done)]
    [InlineData("""data: {"detail":"Internal Server Error"}""" + "\n\n" + Done)]
    [InlineData("event: error\ndata: secret prompt\n\n" + Done)]
    [InlineData("""data: {"choices":[{"index":0,"delta":{},"finish_reason":""}]}""" + "\n\n")]
    [InlineData("""data: {"choices":[{"index":1,"delta":{"content":"b"}}]}""" + "\n\n" + Stop)]
    [InlineData("""data: {"choices":[{"index":1,"delta":{"content":"b"}}]}""" + "\n\n" + Stop + Done)]
    public async Task Once_content_was_there_a_bad_end_is_a_cut(string rest)
    {
        var failure = await Assert.ThrowsAsync<ChatProviderException>(() => ReadAsync(Role + Hello + rest));
        Assert.Equal(ChatFailure.Cut, failure.Failure);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Role, 502, 12, 900, 12, 900)]
    [InlineData(Role + Hello, 502, 12, 900, 12, 900)]
    [InlineData(Role, 429, 12, 900, 12, 900)]
    [InlineData(Role, 504, 12, 900, 12, 900)]
    [InlineData(Role, 429, 0, 0, null, null)]
    [InlineData(Role, 502, 0, 0, 7, 0)]
    public async Task What_an_upstream_counts_beside_its_error_is_what_it_bills(string before, int code, int prompt, int completion, int? input, int? output)
    {
        using var upstream = new ScriptedUpstream(new FakeTimeProvider());
        var reading = ReadAsync(upstream);
        await upstream.SayAsync(before);
        _ = upstream.SayAsync(
            $$$"""data: {"error":{"code":{{{code}}},"message":"x"},"choices":[{"index":0,"delta":{"content":""}}],"usage":{"prompt_tokens":{{{prompt}}},"completion_tokens":{{{completion}}}}}""" + "\n\n");
        var failure = await Assert.ThrowsAsync<ChatProviderException>(() => reading);
        Assert.Equal(input is null ? null : new TokenUsage(input.Value, 0, output!.Value), failure.Usage);

        static async Task ReadAsync(ScriptedUpstream upstream)
        {
            await using var response = await upstream.SendAsync();
            await Upstream.ReadAsync(response);
        }
    }

    [Fact]
    public async Task What_was_held_back_goes_out_in_order_before_the_content()
    {
        const string Filter = """data: {"choices":[],"prompt_filter_results":[]}""" + "\n\n";
        var parts = await ReadAsync(Filter + ": wait\n\n" + Role + Hello + Stop + Done);
        Assert.Equal(
            """data: {"choices":[],"prompt_filter_results":[],"id":"chatcmpl-d1","model":"arm"}""" + "\n\n"
            + Role.Replace("\"id\":\"u\"", "\"id\":\"chatcmpl-d1\"", StringComparison.Ordinal).Replace("]}\n", "],\"model\":\"arm\"}\n", StringComparison.Ordinal),
            parts[0]);
        Assert.Contains("Hel", parts[1], StringComparison.Ordinal);
        Assert.Equal(Done, parts[^1]);
    }

    [Theory]
    [InlineData("""{"tool_calls":[{"index":0,"id":"t","type":"function","function":{"name":"f","arguments":""}}]}""")]
    [InlineData("""{"reasoning_content":"Let me think"}""")]
    [InlineData("""{"reasoning":"Let me think"}""")]
    [InlineData("""{"refusal":"No."}""")]
    [InlineData("""{"content":[{"type":"text","text":"x"}]}""")]
    [InlineData("""{"audio":{"id":"a","data":"AAAA"}}""")]
    public async Task Tool_calls_reasoning_and_refusals_are_content(string delta)
    {
        using var upstream = new ScriptedUpstream(new FakeTimeProvider());
        var sending = upstream.SendAsync().AsTask();
        await upstream.SayAsync(Role);
        Assert.False(sending.IsCompleted);
        _ = upstream.SayAsync("data: {\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}\n\n");
        await using var response = await sending;
        await using var parts = response.Parts.GetAsyncEnumerator();
        Assert.True(await parts.MoveNextAsync());
        Assert.True(await parts.MoveNextAsync());
    }

    [Theory]
    [InlineData("length")]
    [InlineData("content_filter")]
    public async Task An_end_that_explains_itself_is_an_answer_without_content(string reason)
    {
        var parts = await ReadAsync(Role + Stop.Replace("stop", reason, StringComparison.Ordinal) + Done);
        Assert.Equal(Done, parts[^1]);
    }

    [Fact]
    public async Task A_connection_that_breaks_before_content_is_no_cut()
    {
        using var upstream = new ScriptedUpstream(new FakeTimeProvider());
        var sending = upstream.SendAsync().AsTask();
        await upstream.SayAsync(Role);
        upstream.End(new IOException("reset"));
        var failure = await Assert.ThrowsAsync<ChatProviderException>(() => sending);
        Assert.Equal(ChatFailure.Connection, failure.Failure);
        Assert.False(failure.NeverSent);
    }

    [Fact]
    public async Task Silence_after_the_role_ends_at_the_limit_of_the_first_byte()
    {
        var time = new FakeTimeProvider();
        using var upstream = new ScriptedUpstream(time);
        var sending = upstream.SendAsync(new UpstreamTimeouts { FirstByte = TimeSpan.FromSeconds(2) }).AsTask();
        await upstream.SayAsync(Role);
        time.Advance(TimeSpan.FromSeconds(2.1));
        Assert.Equal(ChatFailure.Timeout, (await Assert.ThrowsAsync<ChatProviderException>(() => sending)).Failure);
    }

    [Fact]
    public async Task An_upstream_that_talks_without_content_is_not_held_for_ever()
    {
        var failure = await Assert.ThrowsAsync<ChatProviderException>(() => ReadAsync(string.Concat(Enumerable.Repeat(Role, 3000)) + Hello + Stop + Done));
        Assert.Equal(ChatFailure.BadAnswer, failure.Failure);
    }

    [Theory]
    [InlineData("\n", "\r\n")]
    [InlineData("\n", "\r")]
    public async Task Line_ends_of_every_kind_and_a_byte_order_mark_are_understood(string from, string to)
    {
        var parts = await ReadAsync("\uFEFF" + (": x\n\n" + Role + Hello + Stop + Done).Replace(from, to, StringComparison.Ordinal));
        Assert.Contains("chatcmpl-d1", parts[1], StringComparison.Ordinal);
        Assert.Contains("Hel", parts[1], StringComparison.Ordinal);
        Assert.DoesNotContain(parts, p => p.Contains('\r', StringComparison.Ordinal) && to == "\r");
        Assert.StartsWith("data: [DONE]", parts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_in_several_lines_is_put_together()
    {
        var parts = await ReadAsync("data: {\"id\":\"u\",\ndata: \"choices\":[{\"index\":0,\ndata:\"delta\":{\"content\":\"x\"}}]}\n\n" + Stop + Done);
        Assert.Equal("""data: {"id":"chatcmpl-d1", "choices":[{"index":0, "delta":{"content":"x"}}],"model":"arm"}""" + "\n\n", parts[0]);
    }

    [Fact]
    public async Task Empty_data_and_pings_between_content_cut_nothing()
    {
        var parts = await ReadAsync(Hello + "data:\n\ndata: ping\n\ndata: []\n\ndata\n\nevent: ping\ndata: \"x\"\n\n" + Stop + Done);
        Assert.Equal(3, parts.Count(p => p.Length > 0));
    }

    [Fact]
    public async Task A_long_comment_is_handed_on_as_a_short_one()
    {
        var parts = await ReadAsync(Hello + ": " + new string('c', 100_000) + "\n\n" + Stop + Done);
        Assert.Equal(":\n\n", parts[1]);
    }

    private static async Task<List<string>> ReadAsync(string stream)
    {
        await using var upstream = await Upstream.StartAsync(c => Upstream.EventAsync(c, stream));
        await using var response = await upstream.Provider.SendAsync(upstream.Call("{}", stream: true), CancellationToken.None);
        return (await Upstream.ReadAsync(response)).Parts;
    }
}
