using MetaLlm.DeployLint;
using MetaLlm.TestKit;

namespace MetaLlm.Deploy.Tests;

public sealed class ManifestCheckTests
{
    public static TheoryData<string> Overlays { get; } = [.. Checkout.Overlays];

    [KubectlTheory]
    [MemberData(nameof(Overlays))]
    public async Task Every_overlay_is_sound(string overlay) => Assert.Empty(ManifestCheck.Check(await RenderAsync(overlay), overlay));

    [KubectlTheory]
    [InlineData("trial", "terminationGracePeriodSeconds: 660\n      topology", "terminationGracePeriodSeconds: 45\n      topology", "is killed after 45 s")]
    [InlineData("trial", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "read-only root file system")]
    [InlineData("trial", "readinessProbe:", "readynessProbe:", "has 'readynessProbe'")]
    [InlineData("trial", "containerPort: 11111", "containerPort: 11112", "but the configuration has 11111")]
    [InlineData("trial", "containerPort: 11111", "containerPort: silo", "it must be port")]
    [InlineData("trial", "METALLM_DEMO_KEY: \"\"", "METALLM_DEMO: \"\"", "has no 'METALLM_DEMO_KEY' though the configuration names")]
    [InlineData("trial", "mountPath: /run/secrets/metallm", "mountPath: /run/secrets/other", "does not mount /run/secrets/metallm/METALLM_POSTGRES")]
    [InlineData("split", "key: METALLM_METRICS_KEY\n            path: METALLM_METRICS_KEY", "key: OTHER\n            path: OTHER", "does not mount /run/secrets/metallm/METALLM_METRICS_KEY")]
    [InlineData("split", "selector:\n    matchLabels:\n      app.kubernetes.io/name: metallm\n      metallm/cluster: member", "selector:\n    matchLabels:\n      app.kubernetes.io/component: host", "does not select the pods of Deployment/metallm-silo")]
    [InlineData("trial", "\"siloPort\": 11111", "\"siloPort\": 99999", "99999")]
    [InlineData("trial", "\"http://0.0.0.0:8080\"", "\"http://127.0.0.1:8080\"", "nothing outside the pod reaches")]
    [InlineData("trial", "targetPort: http", "targetPort: web", "leads to no pods")]
    [InlineData("trial", "minReplicas: 2", "minReplicas: 1", "at least 2 are needed")]
    [InlineData("trial", "kind: Job", "kind: DaemonSet", "kind without a shape")]
    [InlineData("production", "port: 30000", "port: 30001", "no NetworkPolicy that admits port 30000")]
    [InlineData("production", "metallm/cluster: member\n    ports", "app: other\n    ports", "admits others than its own pods")]
    [InlineData("production", "metallm.json: |", "other.json: |", "which no ConfigMap that it mounts holds")]
    [InlineData("split", "\"role\": \"silo\"", "\"role\": \"gateway\"", "somebody must be a silo")]
    [InlineData("split", "\"role\": \"silo\",", "\"role\": \"silo\", \"embeddings\": { \"treads\": 1 },", "treads")]
    public async Task A_broken_overlay_is_found(string overlay, string correct, string broken, string message)
    {
        var yaml = await RenderAsync(overlay);
        Assert.Contains(correct, yaml, StringComparison.Ordinal);
        var findings = ManifestCheck.Check(yaml.Replace(correct, broken, StringComparison.Ordinal), overlay);
        Assert.Contains(findings, f => f.ToString().Contains(message, StringComparison.Ordinal));
    }

    [KubectlFact]
    public async Task The_examples_fit_the_production_overlay()
    {
        var examples = Directory.GetFiles(Path.Combine(Checkout.Root, "deploy/kubernetes/examples"), "*.yaml").Select(File.ReadAllText);
        Assert.Empty(ManifestCheck.Check(string.Join("\n---\n", [await RenderAsync("production"), .. examples]), "production"));
    }

    [KubectlFact]
    public async Task Back_ups_fit_an_overlay()
    {
        var yaml = await RenderAsync("production", "components:\n  - ../../components/backup\n");
        Assert.Empty(ManifestCheck.Check(yaml, "production"));
        Assert.Contains("kind: CronJob", yaml, StringComparison.Ordinal);
        Assert.Contains("pg_receivewal", yaml, StringComparison.Ordinal);
    }

    private static async Task<string> RenderAsync(string overlay, string? components = null)
    {
        using var copy = new TemporaryDirectory();
        Checkout.Copy("deploy", copy.Path);
        var folder = Path.Combine(copy.Path, "kubernetes/overlays", overlay);
        var example = Path.Combine(folder, "secrets.env.example");
        if (File.Exists(example))
        {
            File.Copy(example, Path.Combine(folder, "secrets.env"), overwrite: true);
        }

        if (components is not null)
        {
            var file = Path.Combine(folder, "kustomization.yaml");
            await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("components:\n", components, StringComparison.Ordinal));
        }

        var (exitCode, output) = await Checkout.RunAsync("kubectl", "kustomize", folder);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
