using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects.OpenAi;
using MetaLlm.Providers.Tests.Support;

namespace MetaLlm.Providers.Tests;

public sealed class AzureOpenAiTests
{
    [Theory]
    [InlineData("https://r.example", "2024-10-21", "https://r.example/openai/deployments/real-model/chat/completions?api-version=2024-10-21")]
    [InlineData("https://r.example/", null, "https://r.example/openai/v1/chat/completions")]
    [InlineData("https://r.example", "preview", "https://r.example/openai/v1/chat/completions?api-version=preview")]
    [InlineData("https://r.example/openai/v1/", null, "https://r.example/openai/v1/chat/completions")]
    public void A_dated_version_puts_the_deployment_into_the_path(string baseAddress, string? version, string expected)
    {
        var call = ScriptedUpstream.Call(stream: false);
        call = call with { Endpoint = call.Endpoint with { BaseAddress = new Uri(baseAddress), Query = version is null ? [] : [new("api-version", version)] } };
        Assert.Equal(expected, new AzureOpenAiDialect().Address(call).AbsoluteUri);
        Assert.Equal(
            expected.Replace("chat/completions", "embeddings", StringComparison.Ordinal), new AzureOpenAiDialect().Address(call with { Kind = CallKind.Embeddings }).AbsoluteUri);
    }

    [Fact]
    public async Task The_key_goes_into_the_header_that_Azure_reads()
    {
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync("""{"choices":[{"index":0,"message":{"content":"x"},"finish_reason":"stop"}]}"""u8.ToArray());
        });
        var call = upstream.Call("{}");
        await using var answer = await upstream.Provider.SendAsync(call with { Endpoint = call.Endpoint with { Protocol = UpstreamEndpoint.AzureOpenAi } }, CancellationToken.None);
        Assert.Equal("secret-key", upstream.Headers["api-key"]);
        Assert.False(upstream.Headers.ContainsKey("Authorization"));
        Assert.Equal("/base/v1/chat/completions", upstream.Requests.Single().Path);
    }
}
