using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Chat;

/// <summary>A stream that breaks off tells the client so and ends in good order, whatever is still on its way.</summary>
public sealed class BrokenStreamTests
{
    private const int Events = 16;
    private static readonly string Filler = new('x', 64 * 1024);

    [Theory]
    [InlineData("reset", 0)]
    [InlineData("reset", 3)]
    [InlineData("close", 3)]
    [InlineData("garbage", 3)]
    [InlineData("error", 3)]
    public async Task Every_one_of_100_clients_sees_all_that_came_then_the_error_then_the_end(string fault, int pauseMilliseconds)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("a", (context, _) => BreakAsync(context, fault));
        await using var gateway = await RunningGateway.StartAsync(upstream.Configure("a"));
        var body = new { model = "a", stream = true, messages = new[] { new { role = "user", content = "x" } } };
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => RawStream.ReadAsync(gateway, body, TimeSpan.FromMilliseconds(pauseMilliseconds))));
        Assert.All(answers, answer =>
        {
            Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);

            // A reset between upstream and gateway may swallow what the gateway had not read yet.
            Assert.True(fault == "reset" || answer.Count(c => c == 'x') >= Events * Filler.Length);
            Assert.DoesNotContain("[DONE]", answer, StringComparison.Ordinal);
            var error = answer.LastIndexOf("data: {\"error\":", StringComparison.Ordinal);
            Assert.Contains("upstream_cut", answer[error..], StringComparison.Ordinal);
            Assert.EndsWith("\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
        });
    }

    private static async Task BreakAsync(HttpContext context, string fault)
    {
        await ScriptedUpstream.BeginAsync(context);
        for (var i = 0; i < Events; i++)
        {
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text(Filler));
        }

        switch (fault)
        {
            case "reset":
                context.Abort();
                break;
            case "garbage":
                await ScriptedUpstream.SendAsync(context, "{\"id\":");
                break;
            case "error":
                await ScriptedUpstream.SendAsync(context, "{\"error\":{\"message\":\"overloaded\"}}");
                break;
        }
    }
}
