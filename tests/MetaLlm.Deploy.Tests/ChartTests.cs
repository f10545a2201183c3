using MetaLlm.DeployLint;
using MetaLlm.TestKit.Charts;

namespace MetaLlm.Deploy.Tests;

public sealed class ChartTests
{
    private const string Everything = "ci/split.yaml";

    [HelmTheory]
    [InlineData(null)]
    [InlineData(Everything)]
    public async Task The_chart_passes_its_linter(string? values)
    {
        string[] files = values is null ? [] : ["--values", Path.Combine(Chart.Folder, values)];
        var (exitCode, output, errors) = await Helm.RunAsync(["lint", "--strict", Chart.Folder, .. files]);
        Assert.True(exitCode == 0, output + errors);
    }

    [HelmTheory]
    [InlineData(null)]
    [InlineData(Everything)]
    [InlineData(null, "--set", "migration.mode=none", "--set", "networkPolicy.enabled=true", "--set", "podDisruptionBudget.enabled=false")]
    [InlineData(null, "--set", "secretKeys.metrics=", "--set", "image.tag=1.2.3")]
    [InlineData(null, "--set", "secretKeys.pgpass=pgpass", "--set", "clusterTlsSecret=tls")]
    public async Task What_it_renders_is_sound(string? values, params string[] arguments) =>
        Assert.Empty(ManifestCheck.Check(await Chart.RenderAsync(values, arguments), "chart"));

    [HelmTheory]
    [InlineData("topology=both", "topology")]
    [InlineData("host.replicas=1", "replicas")]
    [InlineData("image.digest=sha256:12", "digest")]
    [InlineData("configuration.role=silo", "configuration")]
    [InlineData("migration.mode=sometimes", "mode")]
    [InlineData("ingres.enabled=true", "ingres")]
    [InlineData("service.port=0", "port")]
    [InlineData("shutdown.marginSeconds=20", "marginSeconds")]
    public async Task Values_that_make_no_sense_are_refused(string set, string named)
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Chart.RenderAsync(null, "--set", set));
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [HelmFact]
    public async Task Pods_are_killed_later_when_shutting_down_may_take_longer()
    {
        Assert.Contains("terminationGracePeriodSeconds: 650", await Chart.RenderAsync(null), StringComparison.Ordinal);
        var patient = await Chart.RenderAsync(null, "--set", "shutdown.preStopSeconds=10,shutdown.drainSeconds=3600");
        Assert.Contains("terminationGracePeriodSeconds: 3655", patient, StringComparison.Ordinal);
        Assert.Empty(ManifestCheck.Check(patient, "chart"));
        Assert.Contains(
            ManifestCheck.Check(patient.Replace("terminationGracePeriodSeconds: 3655", "terminationGracePeriodSeconds: 3600", StringComparison.Ordinal), "chart"),
            f => f.Message.Contains("may take 3630 s", StringComparison.Ordinal));
    }

    [HelmFact]
    public async Task What_is_mistaken_in_the_configuration_is_found()
    {
        var rendered = await Chart.RenderAsync(null, "--set", "configuration.upstreams.openai.kind=magic");
        Assert.Contains(ManifestCheck.Check(rendered, "chart"), f => f.ToString().Contains("magic", StringComparison.Ordinal));
    }

    [HelmFact]
    public async Task An_answer_reaches_clients_unbuffered_and_metrics_stay_inside()
    {
        var rendered = await Chart.RenderAsync(Everything);
        Assert.Contains(
            ManifestCheck.Check(rendered.Replace("proxy-buffering: \"off\"", "proxy-buffering: \"on\"", StringComparison.Ordinal), "chart"),
            f => f.Message.Contains("proxy-buffering must be off", StringComparison.Ordinal));
        Assert.Contains(
            ManifestCheck.Check(rendered.Replace("- path: /v1", "- path: /metrics", StringComparison.Ordinal), "chart"),
            f => f.Message.Contains("metrics and health stay inside", StringComparison.Ordinal));
    }

    [HelmFact]
    public async Task Rules_and_dashboards_are_those_of_the_monitoring_folder()
    {
        var manifests = Yaml.Parse(await Chart.RenderAsync(Everything));
        var rules = manifests.Single(m => m.Text("kind") == "PrometheusRule");
        var alerts = Yaml.Parse(Checkout.Read("deploy/monitoring/alerts.yaml"))[0];
        Assert.Equal(alerts.At("groups"), rules.At("spec", "groups"));
        var dashboards = manifests.Single(m => m.Text("metadata", "name") == "metallm-dashboards");
        Assert.Equal(Checkout.Read("deploy/monitoring/dashboards/overview.json").Trim(), dashboards.Text("data", "overview.json")!.Trim());
    }
}
