using MetaLlm.DeployLint;
using MetaLlm.TestKit;

namespace MetaLlm.Deploy.Tests;

public sealed class ComposeCheckTests
{
    [Fact]
    public void The_compose_folder_is_sound() => Assert.Empty(ComposeCheck.Check(Path.Combine(Checkout.Root, "deploy/compose")));

    [Theory]
    [InlineData("compose.yaml", "stop_grace_period: 660s", "stop_grace_period: 40s", "may take 630 s")]
    [InlineData("compose.yaml", "condition: service_completed_successfully", "condition: service_done", "it must be service_started|")]
    [InlineData("compose.yaml", "    read_only: true\n    cap_drop", "    readonly: true\n    cap_drop", "has 'readonly'")]
    [InlineData("compose.yaml", "secrets: [metrics_key]", "secrets: [metric_key]", "is not declared")]
    [InlineData("compose.yaml", "source: ./prometheus.yaml", "source: ./prometheus.yml", "does not exist")]
    [InlineData("compose.yaml", "    METALLM_METRICS_KEY:", "    METALLM_METRIC_KEY:", "does not set METALLM_METRICS_KEY")]
    [InlineData("compose.yaml", "      host-b:\n        condition", "      host-c:\n        condition", "which is no service")]
    [InlineData("compose.yaml", "max_connections=100", "max_connections=60", "max_connections must be at least 64")]
    [InlineData("compose.yaml", "source: ../monitoring/alerts.yaml", "source: ../monitoring/alarms.yaml", "does not exist")]
    [InlineData("prometheus.yaml", "host-b:8080", "host-b:8081", "at port 8080")]
    [InlineData("prometheus.yaml", "secrets/metrics_key", "secrets/key", "no secret of the service")]
    [InlineData("metallm.json", "\"siloPort\"", "\"silosPort\"", "silosPort")]
    [InlineData("metallm.json", "\"kind\": \"postgres\"", "\"kind\": \"oracle\"", "oracle")]
    [InlineData("metallm.json", "\"tenants\": [", "\"tenants\": ", "is no JSON")]
    public void A_broken_copy_is_found(string file, string correct, string broken, string message)
    {
        using var copy = new TemporaryDirectory();
        Checkout.Copy("deploy/compose", copy.File("compose"));
        Checkout.Copy("deploy/monitoring", copy.File("monitoring"));
        var path = Path.Combine(copy.File("compose"), file);
        var text = File.ReadAllText(path);
        Assert.Contains(correct, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(correct, broken, StringComparison.Ordinal));

        Assert.Contains(ComposeCheck.Check(copy.File("compose")), f => f.ToString().Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Drawn_keys_differ_and_stay()
    {
        using var copy = new TemporaryDirectory();
        Checkout.Copy("deploy/compose", copy.Path);
        File.Delete(Path.Combine(copy.Path, ".env"));
        Assert.Equal(0, (await Checkout.RunAsync("bash", Path.Combine(copy.Path, "make-env"))).ExitCode);
        var first = await File.ReadAllLinesAsync(Path.Combine(copy.Path, ".env"));
        Assert.Equal(0, (await Checkout.RunAsync("bash", Path.Combine(copy.Path, "make-env"))).ExitCode);

        Assert.Equal(first, await File.ReadAllLinesAsync(Path.Combine(copy.Path, ".env")));
        var values = first.Select(l => l.Split('=')[1]).ToList();
        Assert.Equal(3, values.Distinct().Count());
        Assert.All(values, v => Assert.Matches("^[0-9a-f]{48}$", v));
    }
}
