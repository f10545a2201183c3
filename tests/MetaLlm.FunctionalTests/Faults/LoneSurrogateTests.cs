using MetaLlm.FunctionalTests.Upstreams;

namespace MetaLlm.FunctionalTests.Faults;

/// <summary>Half of a UTF-16 pair in the name of a member: sound JSON by its syntax, and no text.</summary>
public sealed class LoneSurrogateTests(HostileUpstreams upstreams) : IClassFixture<HostileUpstreams>
{
    private const string Name = """{"\ud83d":"1"}""";

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"auto","messages":[{"role":"user","content":"x"}],"metadata":NAME}""")]
    [InlineData("/v1/chat/completions", """{"model":"auto","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","parameters":NAME}}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"auto","messages":[{"role":"user","content":"x","extra":NAME}]}""")]
    [InlineData("/v1/route", """{"model":"auto","messages":[{"role":"user","content":"x"}],"metadata":NAME}""")]
    [InlineData("/v1/feedback", """{"decision_id":"d","reward":1,"extra":NAME}""")]
    public async Task Requests_with_it_are_refused_or_passed_on_and_never_our_defect(string path, string body)
    {
        var one = upstreams.Case(Answers.WellAsync);
        var reply = await one.Client.PostTextAsync(path, body.Replace("NAME", Name, StringComparison.Ordinal));
        Assert.True(reply.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{(int)reply.Status}: {reply.Text}");
    }

    [Fact]
    public async Task Warm_starts_with_it_are_refused()
    {
        var one = upstreams.Case(Answers.WellAsync);
        var lines = string.Concat(Enumerable.Repeat("""{"query":"x","outcomes":{"\ud83d":{"reward":1,"output_tokens":3}}}""" + "\n", 8));
        var reply = await upstreams.Gateway.With(TestConfiguration.AdminKey).PostTextAsync($"/v1/tenants/{one.Tenant}/warm-start", lines, "application/x-ndjson");
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
    }
}
