using MetaLlm.DeployLint;
using YamlDotNet.Core;

// DeployLint ROOT [RENDERED]: checks ROOT/deploy, and RENDERED/*.yaml as what kustomize and helm made of overlays and chart. Called by deploy/validate.
if (args.Length is not (1 or 2) || !Directory.Exists(Path.Combine(args[0], "deploy")))
{
    Console.Error.WriteLine("Usage: DeployLint ROOT [RENDERED]");
    return 2;
}

var failed = false;
Run("Dockerfile: stages, sources, user, health check", () => DockerfileCheck.Check(
    File.ReadAllText(Path.Combine(args[0], "deploy/docker/Dockerfile")),
    "deploy/docker/Dockerfile",
    args[0],
    File.ReadAllLines(Path.Combine(args[0], ".dockerignore"))));
Run("compose and Prometheus: fields, references, configuration", () => ComposeCheck.Check(Path.Combine(args[0], "deploy/compose")));
Run("monitoring: rules, runbooks, dashboards", () => MonitoringCheck.Check(args[0]));
IEnumerable<string> rendered = args.Length < 2 ? [] : Directory.EnumerateFiles(args[1], "*.yaml");
foreach (var file in rendered.Order(StringComparer.Ordinal))
{
    var overlay = Path.GetFileNameWithoutExtension(file);
    Run($"{overlay}: fields, references, configuration", () => ManifestCheck.Check(File.ReadAllText(file), overlay));
}

return failed ? 1 : 0;

void Run(string name, Func<IReadOnlyList<Finding>> check)
{
    IReadOnlyList<Finding> findings;
    try
    {
        findings = check();
    }
    catch (Exception e) when (e is YamlException or IOException)
    {
        findings = [new Finding(name, "", e.Message)];
    }

    failed |= findings.Count > 0;
    Console.WriteLine($"{(findings.Count == 0 ? "ok  " : "FAIL")} {name}");
    foreach (var finding in findings)
    {
        Console.WriteLine($"       {finding}");
    }
}
