using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Providers.Tests;

public sealed class ChatExtensionsTests
{
    private const string Request = """
        {"messages":[{"role":"user","content":[{"type":"text","text":"say \"reasoning_details\"","cache_control":{"type":"ephemeral"}}]},
         {"role":"assistant","content":"a","reasoning_content":"b","reasoning_details":[{"type":"reasoning.text","text":"b","signature":"s"}],"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"cache_control\":1}"}}]}],
         "tools":[{"type":"function","cache_control":{"type":"ephemeral"},"function":{"name":"f","parameters":{"type":"object","properties":{"cache_control":{}}}}}]}
        """;

    [Theory]
    [InlineData("""{"error":{"message":"Unknown parameter: 'messages[1].reasoning_details'.","param":"messages[1].reasoning_details","code":"unknown_parameter"}}""", 400)]
    [InlineData("""{"detail":[{"type":"extra_forbidden","loc":["body","messages",1,"assistant","reasoning_content"],"msg":"Extra inputs are not permitted"}]}""", 422)]
    public async Task A_server_that_refuses_what_the_field_has_added_is_sent_none_of_it_and_the_client_is_told(string objection, int status)
    {
        await using var upstream = await Upstream.StartAsync(context => AnswerAsync(context, objection, status));
        for (var call = 1; call <= 2; call++)
        {
            await using var answer = await upstream.Provider.SendAsync(upstream.Call(Request), CancellationToken.None);
            var told = answer.Headers.Single(h => h.Key == "x-metallm-adapted-parameters").Value.Split(',');
            Assert.Equal(["cache_control", "reasoning_content", "reasoning_details"], told.Order(StringComparer.Ordinal));
        }

        Assert.Equal(3, upstream.Requests.Count);
        JsonAssert.Equal("""
            {"model":"real-model","messages":[{"role":"user","content":[{"type":"text","text":"say \"reasoning_details\""}]},
             {"role":"assistant","content":"a","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"cache_control\":1}"}}]}],
             "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"cache_control":{}}}}}]}
            """, upstream.Requests[^1].Body);
    }

    [Fact]
    public async Task An_objection_to_something_else_stays_one()
    {
        await using var upstream = await Upstream.StartAsync(context => AnswerAsync(context, """{"error":{"message":"Unknown parameter: 'messages[0].mood'.","param":"messages[0].mood","code":"unknown_parameter"}}""", 400));
        var failure = await Assert.ThrowsAsync<ChatProviderException>(async () => await upstream.Provider.SendAsync(upstream.Call(Request), CancellationToken.None));
        Assert.Equal(ChatFailure.Objected, failure.Failure);
        Assert.Single(upstream.Requests);
    }

    private static async Task AnswerAsync(HttpContext context, string objection, int status)
    {
        var refused = context.Request.ContentLength > 480;
        context.Response.StatusCode = refused ? status : 200;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(refused ? objection : """{"choices":[{"index":0,"message":{"content":"x"},"finish_reason":"stop"}]}""");
    }
}
