using System.Text;
using MetaLlm.Gateway.Cascades;
using MetaLlm.Gateway.Configuration;
using AnswerSignals = MetaLlm.Core.Cascades.AnswerSignals;

namespace MetaLlm.Gateway.Tests.Cascades;

public sealed class CascadedCallTests
{
    private const string Told = """{"content":[{"token":"a","logprob":-0.5},{"token":"b","logprob":-1.5},{"token":"c","logprob":"no"}]}""";

    [Fact]
    public void An_answer_shows_probabilities_refusals_and_what_patterns_find_in_it()
    {
        var call = Call(new CascadeSettings
        {
            Enabled = true,
            SelfReport = @"Confidence: ([\d.]+)",
            Checkers = [new CheckerSettings { Pattern = "total" }, new CheckerSettings { Kind = CheckerKind.Exact, Expected = "7", Pattern = @"is (\d+)" }, new CheckerSettings { Kind = CheckerKind.Exact }],
        });
        Assert.Equal(
            new AnswerSignals { MeanLogProbability = -1, SelfReport = 0.8, Verdict = 0.5 },
            call.Read([Body($$"""{"choices":[{"message":{"content":"The answer is 7. Confidence: 80%"},"logprobs":{{Told}}}]}""")]));
        Assert.Equal(
            new AnswerSignals { Refused = true, Verdict = 0 },
            call.Read([Body("""{"choices":[{"message":{"content":null,"refusal":"No."},"logprobs":null,"finish_reason":"stop"}]}""")]));
        Assert.True(call.Read([Body("""{"choices":[{"message":{"content":""},"finish_reason":"content_filter"}]}""")])!.Value.Refused);

        // Checkers look at answers; what calls a tool is none yet.
        Assert.Equal(default(AnswerSignals), call.Read([Body("""{"choices":[{"message":{"content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""")]));
        Assert.Equal(0.25, call.Read([Body("""{"choices":[{"message":{"content":[{"type":"text","text":"Confidence: 0.25"}]}}]}""")])!.Value.SelfReport);
        Assert.Null(call.Read([Body("""{"choices":[{"message":{"content":"Confidence: 300"}}]}""")])!.Value.SelfReport);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[1]}""")]
    public void What_is_no_answer_shows_nothing(string body) => Assert.Null(Call(new CascadeSettings { Enabled = true }).Read([Body(body)]));

    [Theory]
    [InlineData("""{"model":"auto","messages":[]}""", """{"logprobs":true,"model":"auto","messages":[]}""")]
    [InlineData("""{"model":"auto","logprobs":false}""", """{"model":"auto","logprobs":true}""")]
    [InlineData("""{"model":"auto","logprobs":null}""", """{"model":"auto","logprobs":true}""")]
    [InlineData("""{"messages":[{"logprobs":true}],"model":"auto"}""", """{"logprobs":true,"messages":[{"logprobs":true}],"model":"auto"}""")]
    public void Probabilities_are_asked_for_and_taken_off_an_answer_that_leaves(string body, string sent)
    {
        var call = Call(new CascadeSettings { Enabled = true });
        Assert.Equal(sent, Text(call.Ask(Body(body))));
        Assert.Equal("""{"id":"ü","choices":[{"logprobs":null}]}""", Text(call.Release(Body($$"""{"id":"ü","choices":[{"logprobs":{{Told}}}]}"""))));
        const string Twice = """{"choices":[{"logprobs":1,"logprobs":2}]}""";
        Assert.Equal(Twice, Text(call.Release(Body(Twice))));
        Assert.Equal("""{"logprobs":""", Text(call.Release(Body("""{"logprobs":"""))));
        Assert.Equal("""{"choices":[{"message":{"content":"x"}}]}""", Text(call.Release(Body("""{"choices":[{"message":{"content":"x"}}]}"""))));
    }

    [Fact]
    public void Who_asks_for_probabilities_gets_them_and_a_tenant_may_leave_them_alone()
    {
        const string Asked = """{"model":"auto", "logprobs" : true}""";
        var call = Call(new CascadeSettings { Enabled = true });
        Assert.Equal(Asked, Text(call.Ask(Body(Asked))));
        Assert.Equal($$"""{"choices":[{"logprobs":{{Told}}}]}""", Text(call.Release(Body($$"""{"choices":[{"logprobs":{{Told}}}]}"""))));
        Assert.Equal("""{"model":"auto"}""", Text(Call(new CascadeSettings { Enabled = true, LogProbabilities = false }).Ask(Body("""{"model":"auto"}"""))));
    }

    private static CascadedCall Call(CascadeSettings settings) => new(new TenantSettings { Id = "acme", Cascade = settings });

    private static byte[] Body(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
