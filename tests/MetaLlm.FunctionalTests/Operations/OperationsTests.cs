using System.Text.RegularExpressions;

namespace MetaLlm.FunctionalTests.Operations;

public sealed partial class OperationsTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly RunningGateway _gateway = fixture.Gateway;

    [Fact]
    public async Task Models_are_listed_as_openai_lists_them()
    {
        var list = (await _gateway.Alpha.GetAsync("/v1/models")).Ok().Json;
        Assert.Equal("list", list.GetProperty("object").GetString());
        Assert.Equal(["auto", .. TestConfiguration.Arms], list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        Assert.Equal("sim-nano", (await _gateway.Alpha.GetAsync("/v1/models/sim-nano")).Ok().Json.GetProperty("id").GetString());
        Assert.Equal("auto", (await _gateway.Alpha.GetAsync("/v1/models/metallm/auto")).Ok().Json.GetProperty("id").GetString());
        Assert.Equal("model_not_found", (await _gateway.Alpha.GetAsync("/v1/models/gpt")).Code);
    }

    [Fact]
    public async Task Health_is_open_to_all()
    {
        Assert.Equal("live", (await _gateway.Nobody.GetAsync("/health/live")).Ok().Json.GetProperty("status").GetString());
        Assert.Equal("ready", (await _gateway.Nobody.GetAsync("/health/ready")).Ok().Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_policy_report_adds_up()
    {
        var reply = (await _gateway.Alpha.ChatAsync("Say something.")).Ok();
        (await _gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = reply.DecisionId, reward = 1 })).Ok();
        var policy = (await _gateway.Alpha.GetAsync("/v1/policy")).Ok().Json;
        var models = policy.GetProperty("arms").EnumerateArray().ToList();
        Assert.Equal(policy.GetProperty("decisions").GetInt64(), models.Sum(m => m.GetProperty("pulls").GetInt64()));
        Assert.Equal(policy.GetProperty("spend_usd").GetDouble(), models.Sum(m => m.GetProperty("spend_usd").GetDouble()), 12);
        Assert.Equal(0, policy.GetProperty("reserved_usd").GetDouble(), 12);
        Assert.Matches("^[0-9a-f]{64}$", policy.GetProperty("state_hash").GetString());
    }

    [Fact]
    public async Task Metrics_are_well_formed_and_count_what_happened()
    {
        var arm = (await _gateway.Alpha.ChatAsync("Count me.")).Ok().Model;
        var reply = await _gateway.Nobody.GetAsync("/metrics");
        var lines = reply.Ok().Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("text/plain", reply.ContentType);
        Assert.All(lines, line => Assert.True(Comment().IsMatch(line) || Sample().IsMatch(line), line));
        Assert.Contains(lines, l => l.StartsWith($"metallm_decisions_total{{arm=\"{arm}\",pinned=\"false\",tenant=\"alpha\"}} ", StringComparison.Ordinal));
        Assert.All(Histograms(lines), AssertSound);
    }

    private static IEnumerable<IGrouping<string, string>> Histograms(IEnumerable<string> lines) => lines
        .Where(l => l.Contains("_bucket{", StringComparison.Ordinal))
        .GroupBy(l => Bound().Replace(l.Split(' ')[0], string.Empty));

    private static void AssertSound(IGrouping<string, string> histogram)
    {
        var counts = histogram.Select(l => double.Parse(l.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(counts.Order(), counts);
        Assert.Contains("le=\"+Inf\"", histogram.Last(), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*=""([^""\\]|\\.)*"",?)*\})? -?([0-9.eE+-]+|\+?Inf|NaN)$")]
    private static partial Regex Sample();

    [GeneratedRegex(@",?le=""[^""]*""")]
    private static partial Regex Bound();
}
