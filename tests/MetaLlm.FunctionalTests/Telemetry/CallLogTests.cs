using MetaLlm.FunctionalTests.Durability;

namespace MetaLlm.FunctionalTests.Telemetry;

/// <summary>What an access log is made of, and the ids by which clients find their calls in it.</summary>
public sealed class CallLogTests : IDisposable
{
    private const string Category = "MetaLlm.Engine.Routing.CallLog";

    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-calls-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Each_call_has_a_line_when_it_is_asked_for()
    {
        var config = Path.Combine(_directory, "metallm.json");
        await File.WriteAllTextAsync(config, TestConfiguration.Create().ToJsonString());
        var environment = new Dictionary<string, string> { [$"Logging__LogLevel__{Category}"] = "Information", ["Logging__Console__FormatterName"] = "json" };
        using var host = await HostProcess.StartAsync(environment, "--config", config, "--data", _directory);
        var reply = (await host.Client.ChatAsync("A secret question.", headers: ("x-request-id", "my-request-1"))).Ok();
        var decision = await host.Client.DecisionAsync(reply.DecisionId, found => found.GetProperty("settlement").ValueKind == JsonValueKind.Object);
        await host.StopAsync();

        var errors = await host.Errors;
        var line = Assert.Single(
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(text => JsonDocument.Parse(text).RootElement), entry => entry.GetProperty("Category").GetString() == Category);
        var state = line.GetProperty("State");
        Assert.Equal(
            (reply.DecisionId, "alpha", "my-request-1", reply.Model, "completed"),
            (Text("Decision"), Text("Tenant"), Text("RequestId"), Text("Model"), Text("Outcome")));
        Assert.Equal(decision.GetProperty("settlement").GetProperty("cost_usd").GetDouble(), double.Parse(Text("Usd"), System.Globalization.CultureInfo.InvariantCulture), 12);
        Assert.DoesNotContain("secret", errors, StringComparison.Ordinal);

        string Text(string member) => state.GetProperty(member).ToString();
    }

    [Fact]
    public async Task A_clients_id_of_its_request_comes_back_on_answers_and_errors_unless_a_log_could_not_hold_it()
    {
        await using var gateway = await RunningGateway.StartAsync(TestConfiguration.Create());
        Assert.Equal("r-1", (await gateway.Alpha.ChatAsync("x", headers: ("x-request-id", "r-1"))).Ok().Headers["x-request-id"]);
        Assert.Equal("r-2", (await gateway.Alpha.ChatAsync("x", headers: ("X-Client-Request-Id", "r-2"))).Ok().Headers["x-request-id"]);
        var refused = await gateway.Nobody.ChatAsync("x", headers: ("x-request-id", "r-3"));
        Assert.Equal((HttpStatusCode.Unauthorized, "r-3"), (refused.Status, refused.Headers["x-request-id"]));
        var bad = await gateway.Alpha.PostTextAsync("/v1/chat/completions", "{", headers: ("x-request-id", "r-4"));
        Assert.Equal((HttpStatusCode.BadRequest, "r-4"), (bad.Status, bad.Headers["x-request-id"]));

        foreach (var unusable in new[] { "two words", new string('x', 129) })
        {
            Assert.NotEqual(unusable, (await gateway.Alpha.ChatAsync("x", headers: ("x-request-id", unusable))).Ok().Headers.GetValueOrDefault("x-request-id"));
        }
    }
}
