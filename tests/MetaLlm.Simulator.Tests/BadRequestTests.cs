using static MetaLlm.Simulator.Tests.RunningSimulator;

namespace MetaLlm.Simulator.Tests;

public class BadRequestTests
{
    [Theory]
    [InlineData("{\"model\":", null)]
    [InlineData("", null)]
    [InlineData("[]", "body")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":7,"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":"sim-nano"}""", "messages")]
    [InlineData("""{"model":"sim-nano","messages":[]}""", "messages")]
    [InlineData("""{"model":"sim-nano","messages":"hello"}""", "messages")]
    [InlineData("""{"model":"sim-nano","messages":["hello"]}""", "messages[0]")]
    [InlineData("""{"model":"sim-nano","messages":[{"content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"model":"sim-nano","messages":[{"role":"user","content":5}]}""", "messages[0].content")]
    [InlineData("""{"model":"sim-nano","messages":[{"role":"user","content":"x"}],"n":2}""", "n")]
    [InlineData("""{"model":"sim-nano","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", "max_tokens")]
    [InlineData("""{"model":"sim-nano","messages":[{"role":"user","content":"x"}],"max_tokens":"many"}""", "max_tokens")]
    [InlineData("""{"model":"sim-nano","messages":[{"role":"user","content":"x"}],"temperature":3}""", "temperature")]
    [InlineData("""{"model":"sim-nano","messages":[{"role":"user","content":"x"}],"stream":"yes"}""", "stream")]
    public async Task A_bad_body_gets_400_that_names_the_field(string body, string? param)
    {
        await using var sim = await StartAsync(options => options with { TasksPerType = 1 });
        using var response = await sim.PostTextAsync("v1/chat/completions", body);
        var error = (await ReadAsync(response)).GetProperty("error");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.All(sim.Server.Stats.Snapshot(), stats => Assert.Equal(0, stats.Requests));
    }

    [Fact]
    public async Task An_unknown_model_or_path_gets_404()
    {
        await using var sim = await StartAsync();
        using var model = await sim.AskAsync("gpt-x", "Hello");
        using var path = await sim.PostTextAsync("v1/images", "{}");
        Assert.Equal(HttpStatusCode.NotFound, model.StatusCode);
        Assert.Equal("model_not_found", (await ReadAsync(model)).GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.NotFound, path.StatusCode);
        Assert.Equal("unknown_url", (await ReadAsync(path)).GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Basic secret", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer secret", HttpStatusCode.OK)]
    public async Task A_configured_key_is_demanded_everywhere(string? header, HttpStatusCode expected)
    {
        await using var sim = await StartAsync(options => options with { ApiKey = "secret" });
        if (header is not null)
        {
            sim.Client.DefaultRequestHeaders.Add("Authorization", header);
        }

        foreach (var path in new[] { "v1/models", "sim/stats" })
        {
            using var response = await sim.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(expected, response.StatusCode);
        }

        using var chat = await sim.AskAsync("sim-nano", sim.AnyTask.Prompt);
        Assert.Equal(expected, chat.StatusCode);
    }
}
