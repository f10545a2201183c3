using MetaLlm.DeployLint;
using MetaLlm.TestKit;

namespace MetaLlm.Deploy.Tests;

public sealed class MonitoringCheckTests
{
    [Fact]
    public void Rules_and_dashboards_are_sound() => Assert.Empty(MonitoringCheck.Check(Checkout.Root));

    [Theory]
    [InlineData("alerts.yaml", "runbook: overload", "runbook: underload", "no page of docs/runbooks")]
    [InlineData("alerts.yaml", "for: 5m", "for: 6m", "differs from alerts.yaml")]
    [InlineData("alerts.yaml", "> 0.02", "> 0.02 §", "is no PromQL")]
    [InlineData("prometheusrule.yaml", "severity: critical", "severity: terrible", "must be critical|warning|info")]
    [InlineData("prometheusrule.yaml", "for: 4h", "four: 4h", "has 'four'")]
    [InlineData("dashboards/overview.json", "sum by (arm) (", "sum by (arm (", "has no ')'")]
    public void A_broken_copy_is_found(string file, string correct, string broken, string message)
    {
        using var copy = Copy(file, correct, broken);
        Assert.Contains(MonitoringCheck.Check(copy.Path), f => f.ToString().Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("alerts.yaml", "metallm_engine_fenced_total", "metallm_engine_fences_total", "reads metallm_engine_fences_total, which no host exports")]
    [InlineData("alerts.yaml", "http_route=\"/health/ready\"", "route=\"/health/ready\"", "compares the label 'route'")]
    [InlineData("alerts.yaml", "{{ $labels.arm }}", "{{ $labels.model }}", "shows the label 'model'")]
    [InlineData("dashboards/overview.json", "sum by (cache) (", "sum by (cash) (", "the label 'cash', which none of its metrics has")]
    [InlineData("dashboards/overview.json", "\"{{cache}}\"", "\"{{instance}}\"", "shows the label 'instance', which its groups lose")]
    public void A_series_that_nobody_exports_is_found(string file, string correct, string broken, string message)
    {
        using var copy = Copy(file, correct, broken);

        // As if hosts exported exactly what the files ask for as they are.
        var asked = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        MonitoringCheck.CheckSeries(Checkout.Root, metric => asked.TryGetValue(metric, out _) ? asked[metric] : asked[metric] = [.. Labels]);
        Assert.Empty(MonitoringCheck.CheckSeries(Checkout.Root, metric => asked.GetValueOrDefault(metric)));
        Assert.Contains(MonitoringCheck.CheckSeries(copy.Path, metric => asked.GetValueOrDefault(metric)), f => f.ToString().Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sum by (a, b) (rate(m_total{c=~\"x}y\", d!=\"\"}[5m])) / on (e) group_left () n > 1e3", "m_total{c,d} n{}", "a b e")]
    [InlineData("histogram_quantile(0.99, sum(rate(h_bucket[$__rate_interval])) by (le)) and up == bool 1", "h_bucket{} up{}", "le")]
    [InlineData("(m offset 5m or vector(0)) unless 3600 * n", "m{} n{}", "")]
    public void An_expression_names_its_metrics_and_labels(string expression, string selectors, string groups)
    {
        var read = PromQl.Parse(expression);
        Assert.Equal(selectors, string.Join(' ', read.Selectors.Select(s => $"{s.Metric}{{{string.Join(',', s.Labels)}}}")));
        Assert.Equal(groups, string.Join(' ', read.Groups.Order(StringComparer.Ordinal)));
    }

    private static readonly string[] Labels =
    [
        "arm", "cache", "db_client_connection_state", "direction", "doubt", "from", "http_response_status_code", "http_route", "kind", "limit", "model", "reason", "status", "tenant", "to", "upstream",
    ];

    private static TemporaryDirectory Copy(string file, string correct, string broken)
    {
        var copy = new TemporaryDirectory();
        Checkout.Copy("deploy/monitoring", copy.File("deploy/monitoring"));
        Checkout.Copy("docs/runbooks", copy.File("docs/runbooks"));
        var path = copy.File(Path.Combine("deploy/monitoring", file));
        var text = File.ReadAllText(path);
        Assert.Contains(correct, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(correct, broken, StringComparison.Ordinal));
        return copy;
    }
}
