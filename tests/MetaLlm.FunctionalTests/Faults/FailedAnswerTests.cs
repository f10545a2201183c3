using MetaLlm.FunctionalTests.Upstreams;

namespace MetaLlm.FunctionalTests.Faults;

/// <summary>Answers that are none: as long as the client has seen no content, another model answers.</summary>
public sealed class FailedAnswerTests(HostileUpstreams upstreams) : IClassFixture<HostileUpstreams>
{
    private const string Error = """{"error":{"code":502,"message":"provider gone"}}""";
    private const string ErrorBesideChoices =
        """{"id":"u","error":{"code":502,"message":"provider gone"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}""";

    public static TheoryData<string, string[]> Openings { get; } = new()
    {
        { "an error after the role", [Role, Error] },
        { "an error beside choices", [ErrorBesideChoices, "[DONE]"] },
        { "an error beside choices after the role", [Role, ErrorBesideChoices, "[DONE]"] },
        { "the end after the role", [Role] },
        { "the closing mark alone", ["[DONE]"] },
        { "the closing mark after the role", [Role, "[DONE]"] },
        { "a detail", ["""{"detail":"Internal Server Error"}""", "[DONE]"] },
        { "an object that is an error", ["""{"object":"error","message":"no"}""", "[DONE]"] },
        { "usage without an answer", ["""{"id":"u","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":0}}""", "[DONE]"] },
        { "an empty finish reason after the role", ["""{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":""}]}"""] },
        { "no JSON", ["{\"choices\":[{"] },
        { "a name that is no text", ["""{"\ud83d":1,"choices":[{"index":0,"delta":{"content":"x"}}]}"""] },
        { "an error of its own", [Error] },
    };

    public static TheoryData<string, string> PlainAnswers { get; } = new()
    {
        { "an error in the choice", """{"choices":[{"index":0,"message":{"role":"assistant","content":""},"finish_reason":"error","error":{"code":502,"message":"gone"}}]}""" },
        { "the finish reason error", """{"choices":[{"index":0,"message":{"role":"assistant","content":""},"finish_reason":"error"}]}""" },
        { "an error beside choices", """{"error":{"message":"gone"},"choices":[{"index":0,"message":{"role":"assistant","content":""},"finish_reason":"stop"}]}""" },
        { "no choices", """{"choices":[]}""" },
        { "a detail", """{"detail":"Internal Server Error"}""" },
        { "an error alone", Error },
        { "no JSON", "{\"choices\":[{" },
        { "nothing", "" },
        { "a page", "<html>502</html>" },
        { "a name that is no text", """{"\ud83d":1,"choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}]}""" },
    };

    private const string Role = """{"id":"u","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""";

    [Theory]
    [MemberData(nameof(Openings))]
    public async Task A_stream_that_opens_without_content_and_fails_is_answered_by_another_model(string what, string[] events)
    {
        Assert.NotEmpty(what);
        var one = upstreams.Case(async call =>
        {
            foreach (var data in events)
            {
                await call.EventAsync(data);
            }
        });
        one.AssertAnsweredByB(await one.StreamAsync());
    }

    [Fact]
    public async Task A_stream_that_falls_silent_after_the_role_is_answered_by_another_model()
    {
        var one = upstreams.Case(async call =>
        {
            await call.EventAsync(Role);
            await call.HangAsync();
        });
        one.AssertAnsweredByB(await one.StreamAsync());
    }

    [Theory]
    [MemberData(nameof(PlainAnswers))]
    public async Task A_plain_answer_that_is_none_is_replaced_by_that_of_another_model(string what, string body)
    {
        Assert.NotEmpty(what);
        var one = upstreams.Case(call => call.TextAsync(200, body));
        one.AssertAnsweredByB(await one.PlainAsync());
    }

    [Theory]
    [InlineData(ErrorBesideChoices)]
    [InlineData(Error)]
    public async Task An_error_after_content_ends_the_stream_as_cut_and_says_so(string error)
    {
        var one = upstreams.Case(async call =>
        {
            await call.EventAsync(Role);
            await call.EventAsync(Answers.Delta(new { content = "Hel" }));
            await call.EventAsync(error);
            await call.DoneAsync();
        });
        var reply = await one.StreamAsync();

        Assert.True(!reply.IsWhole && reply.Error is not null, reply.ToString());
        Assert.DoesNotContain("[DONE]", reply.Events);
        Assert.Equal("cut", (await one.SettledAsync(reply.DecisionId!)).GetProperty("settlement").GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_choice_that_never_ends_makes_an_answer_of_several_choices_cut()
    {
        var one = upstreams.Case(async call =>
        {
            await call.EventAsync(Answers.Delta(new { content = "one" }));
            await call.EventAsync(Answers.Delta(new { content = "two" }, index: 1));
            await call.EventAsync(Answers.Delta(new { }, "stop"));
        });
        using var response = await one.Client.StreamAsync(new { model = "auto", stream = true, n = 2, messages = new[] { new { role = "user", content = "Say something." } } });
        var reply = await StreamedReply.ReadAsync(response);
        Assert.False(reply.IsWhole, reply.ToString());
        Assert.Equal("cut", (await one.SettledAsync(reply.DecisionId!)).GetProperty("settlement").GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("\uFEFFdata: {0}\n\ndata: {1}\n\n")]
    [InlineData("data: {0}\r\rdata: {1}\r\r")]
    [InlineData("data: {0}\r\n\r\ndata: {1}\r\n\r\n")]
    [InlineData("data: {0}\n\ndata:\n\ndata: {1}\n\n")]
    [InlineData(": a comment\n\ndata: {0}\n\n: another\n\ndata: {1}\n\n")]
    [InlineData("event: message\nid: 7\ndata: {0}\n\ndata: {1}\n\n")]
    public async Task Unusual_forms_of_an_event_stream_are_read(string form)
    {
        var one = upstreams.Case(async call =>
        {
            var (first, second) = (JsonSerializer.Serialize(Answers.Delta(new { content = "forty" })), JsonSerializer.Serialize(Answers.Delta(new { content = "-two" }, "stop")));
            await call.RawAsync(form.Replace("{0}", first, StringComparison.Ordinal).Replace("{1}", second, StringComparison.Ordinal));
            await call.EventAsync(new { id = "u", choices = Array.Empty<object>(), usage = Answers.Usage });
            await call.DoneAsync();
        });
        var reply = await one.StreamAsync();
        Assert.True(reply.IsWhole, reply.ToString());
        var settlement = (await one.SettledAsync(reply.DecisionId!)).GetProperty("settlement");
        Assert.Equal(("completed", 3.0), (settlement.GetProperty("outcome").GetString(), settlement.GetProperty("completion_tokens").GetDouble()));
    }
}
