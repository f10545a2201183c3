using MetaLlm.Providers.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Providers.Tests;

public sealed class RequestTests
{
    private const string Answer = """{"id":"up-1","object":"chat.completion","model":"real-model-0613","choices":[{"index":0,"message":{"role":"assistant","content":"hi"}}],"usage":{"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":4}},"extra":{"k":[1.0]}}""";

    [Fact]
    public async Task The_request_goes_up_with_our_key_the_upstreams_model_and_nothing_of_ours()
    {
        await using var upstream = await Upstream.StartAsync(c => c.Response.WriteAsync(Answer));
        await using var response = await upstream.Provider.SendAsync(
            upstream.Call("""{"model":"auto","metallm":{"task":"x"},"messages":[],"seed":12345678901234567890}"""), CancellationToken.None);
        var (path, authorization, body) = Assert.Single(upstream.Requests);
        Assert.Equal("/base/v1/chat/completions", path);
        Assert.Equal("Bearer secret-key", authorization);
        Assert.Equal("""{"model":"real-model","messages":[],"seed":12345678901234567890}""", body);
    }

    [Fact]
    public async Task The_answer_comes_back_under_our_names_and_otherwise_byte_for_byte()
    {
        await using var upstream = await Upstream.StartAsync(c =>
        {
            c.Response.Headers["x-request-id"] = "req-7";
            c.Response.Headers["x-secret"] = "no";
            return c.Response.WriteAsync(Answer);
        });
        await using var response = await upstream.Provider.SendAsync(upstream.Call("{}"), CancellationToken.None);
        var (parts, raw) = await Upstream.ReadAsync(response);
        Assert.Equal(Answer.Replace("up-1", "chatcmpl-d1", StringComparison.Ordinal).Replace("real-model-0613", "arm", StringComparison.Ordinal), Assert.Single(parts));
        Assert.Equal(new(9, 4, 3), raw[0].Usage);
        Assert.True(raw[0].IsLast);
        Assert.Equal([new("x-request-id", "req-7")], response.Headers);
    }

    [Theory]
    [InlineData("""{"model":"m","stream":true}""", """{"model":"real-model","stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream_options":null,"model":"m"}""", """{"stream_options":{"include_usage":true},"model":"real-model"}""")]
    [InlineData("""{"model":"m","stream_options":{"include_usage":false,"z":1}}""", """{"model":"real-model","stream_options":{"include_usage":true,"z":1}}""")]
    [InlineData("""{"model":"m","stream_options":{"z":1}}""", """{"model":"real-model","stream_options":{"z":1,"include_usage":true}}""")]
    [InlineData("""{"model":"m","stream_options":{"include_usage":true}}""", """{"model":"real-model","stream_options":{"include_usage":true}}""")]
    public async Task Streams_are_asked_to_count(string body, string expected)
    {
        await using var upstream = await Upstream.StartAsync(c => Upstream.EventAsync(c, "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: [DONE]\n\n"));
        await using var response = await upstream.Provider.SendAsync(upstream.Call(body, stream: true), CancellationToken.None);
        Assert.Equal(expected, Assert.Single(upstream.Requests).Body);
    }

    [Fact]
    public async Task An_endpoint_prints_no_key()
    {
        await using var upstream = await Upstream.StartAsync(_ => Task.CompletedTask);
        Assert.DoesNotContain("secret-key", upstream.Call("{}").ToString(), StringComparison.Ordinal);
    }
}
