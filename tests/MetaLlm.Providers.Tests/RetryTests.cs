using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Providers.Tests;

public sealed class RetryTests
{
    private const string Good = """{"choices":[{"index":0,"message":{"role":"assistant","content":"x"}}]}""";

    [Theory]
    [InlineData("Retry-After", "17", 17_000)]
    [InlineData("Retry-After", "2.5", 2500)]
    [InlineData("Retry-After", "-5", null)]
    [InlineData("Retry-After", "soon", null)]
    [InlineData("Retry-After", "NaN", null)]
    [InlineData("Retry-After", "1e9", null)]
    [InlineData("Retry-After", "1000000000", 86_400_000)]
    [InlineData("Retry-After", "Mon, 05 Jan 2026 08:00:30 GMT", 30_000)]
    [InlineData("Retry-After", "Mon, 05 Jan 2026 07:00:00 GMT", null)]
    [InlineData("retry-after-ms", "1500", 1500)]
    public async Task The_wait_is_read_in_every_form(string header, string value, int? milliseconds)
    {
        await using var upstream = await Upstream.StartAsync(
            c =>
            {
                c.Response.StatusCode = 429;
                c.Response.Headers["Date"] = "Mon, 05 Jan 2026 08:00:00 GMT";
                c.Response.Headers[header] = value;
                return Task.CompletedTask;
            },
            new FakeTimeProvider());
        var failure = await FailAsync(upstream);
        Assert.Equal(milliseconds is { } wait ? TimeSpan.FromMilliseconds(wait) : null, failure.RetryAfter);
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData(429, "Retry-After", "0.02", 2)]
    [InlineData(429, "retry-after-ms", "20", 2)]
    [InlineData(429, "Retry-After", "5", 1)]
    [InlineData(429, "x-other", "1", 1)]
    [InlineData(500, "retry-after-ms", "20", 1)]
    [InlineData(503, "x-should-retry", "true", 2)]
    [InlineData(401, "x-should-retry", "false", 1)]
    public async Task The_same_model_is_asked_once_more_where_the_upstream_says_that_it_is_worth_it(int status, string header, string value, int expected)
    {
        Upstream? upstream = null;
        await using var end = upstream = await Upstream.StartAsync(c =>
        {
            if (upstream!.Requests.Count == 1)
            {
                c.Response.StatusCode = status;
                c.Response.Headers[header] = value;
                return Task.CompletedTask;
            }

            return c.Response.WriteAsync(Good);
        });
        if (expected == 1)
        {
            await FailAsync(upstream);
        }
        else
        {
            await using var response = await upstream.Provider.SendAsync(upstream.Call("{}"), CancellationToken.None);
        }

        Assert.Equal(expected, upstream.Requests.Count);
    }

    [Fact]
    public async Task It_is_not_asked_a_third_time()
    {
        await using var upstream = await Upstream.StartAsync(c =>
        {
            c.Response.StatusCode = 429;
            c.Response.Headers["retry-after-ms"] = "1";
            return Task.CompletedTask;
        });
        Assert.Equal(ChatFailure.RateLimited, (await FailAsync(upstream)).Failure);
        Assert.Equal(2, upstream.Requests.Count);
    }

    private static Task<ChatProviderException> FailAsync(Upstream upstream) =>
        Assert.ThrowsAsync<ChatProviderException>(() => upstream.Provider.SendAsync(upstream.Call("{}"), CancellationToken.None).AsTask());
}
