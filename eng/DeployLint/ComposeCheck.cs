using System.Globalization;
using System.Text.RegularExpressions;
using MetaLlm.Host;
using MetaLlm.Storage.Postgres;
using YamlDotNet.RepresentationModel;

namespace MetaLlm.DeployLint;

/// <summary>Checks that a compose file, the gateway's configuration and Prometheus' configuration beside it agree.</summary>
public static partial class ComposeCheck
{
    private const string Image = "metallm:";

    /// <summary>Connections for migrations, back-ups and people.</summary>
    private const int Others = 10;

    /// <summary>Checks <c>compose.yaml</c>, <c>metallm.json</c> and <c>prometheus.yaml</c> of a folder.</summary>
    public static IReadOnlyList<Finding> Check(string folder)
    {
        var findings = new List<Finding>();
        var compose = Yaml.Parse(File.ReadAllText(Path.Combine(folder, "compose.yaml")))[0];
        var prometheus = Yaml.Parse(File.ReadAllText(Path.Combine(folder, "prometheus.yaml")))[0];
        var shapes = Shape.Load("compose.yaml");
        findings.AddRange(new Shape(shapes["compose"], "compose.yaml").Check(compose));
        findings.AddRange(new Shape(shapes["prometheus"], "prometheus.yaml").Check(prometheus));
        foreach (var (name, service) in compose.Members("services"))
        {
            CheckReferences(folder, compose, name, service, findings);
        }

        if (ConfigurationCheck.Read(File.ReadAllText(Path.Combine(folder, "metallm.json")), "metallm.json", findings) is { } read)
        {
            foreach (var (name, service) in compose.Members("services").Where(s => s.Value.Text("image")?.StartsWith(Image, StringComparison.Ordinal) == true))
            {
                CheckHost(name, service, read.Variables, ShutdownTimes.ProcessOf(read.Settings.Drain), findings);
            }

            CheckConnections(compose, read.Settings.Storage.Postgres, findings);

            CheckTargets(compose, prometheus, read.Settings.Listen[0].Port, findings);
        }

        return findings;
    }

    private static void CheckReferences(string folder, YamlNode compose, string name, YamlNode service, List<Finding> findings)
    {
        var path = $"services.{name}";
        foreach (var (other, condition) in service.Members("depends_on"))
        {
            if (compose.At("services", other) is not { } target)
            {
                findings.Add(new Finding("compose.yaml", path, $"depends on '{other}', which is no service."));
            }
            else if (condition.Text("condition") == "service_healthy" && target.At("healthcheck") is null
                && target.Text("image")?.StartsWith(Image, StringComparison.Ordinal) != true)
            {
                findings.Add(new Finding("compose.yaml", path, $"waits until '{other}' is healthy, which has no health check."));
            }
        }

        foreach (var secret in service.Items("secrets").Where(s => compose.At("secrets", ((YamlScalarNode)s).Value!) is null))
        {
            findings.Add(new Finding("compose.yaml", path, $"wants the secret '{secret}', which is not declared."));
        }

        foreach (var network in service.Members("networks").Select(n => n.Key).Where(n => compose.At("networks", n) is null))
        {
            findings.Add(new Finding("compose.yaml", path, $"is on the network '{network}', which is not declared."));
        }

        foreach (var volume in service.Items("volumes"))
        {
            var source = volume.Text("source")!;
            if (volume.Text("type") == "bind" ? !Path.Exists(Path.Combine(folder, source)) : compose.At("volumes", source) is null)
            {
                findings.Add(new Finding("compose.yaml", path, $"mounts '{source}', which does not exist."));
            }
        }
    }

    /// <summary>The server must have room for all that hosts may open, and for whoever looks after it.</summary>
    private static void CheckConnections(YamlNode compose, PostgresOptions options, List<Finding> findings)
    {
        var hosts = compose.Members("services").Count(s => s.Value.Text("image")?.StartsWith(Image, StringComparison.Ordinal) == true);
        var needed = (hosts * options.MaxConnections) + Others;
        var said = compose.Items("services", "postgres", "command").Select(c => Connections().Match(c.Text() ?? "")).FirstOrDefault(m => m.Success);
        var most = said is null ? 100 : int.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture);
        if (most < needed)
        {
            findings.Add(new Finding("compose.yaml", "services.postgres", $"takes {most} connections, but {hosts} processes may open {needed - Others}, and {Others} are for others: max_connections must be at least {needed}."));
        }
    }

    private static void CheckHost(string name, YamlNode service, IReadOnlySet<string> variables, TimeSpan stopping, List<Finding> findings)
    {
        var path = $"services.{name}";
        var grace = Seconds(service.Text("stop_grace_period") ?? "10s");
        if (grace <= stopping)
        {
            findings.Add(new Finding("compose.yaml", path, $"is killed after {grace.TotalSeconds} s, but the host may take {stopping.TotalSeconds} s to stop."));
        }

        foreach (var variable in variables.Where(v => service.At("environment", v) is null))
        {
            findings.Add(new Finding("compose.yaml", path, $"does not set {variable}, which metallm.json names."));
        }
    }

    private static void CheckTargets(YamlNode compose, YamlNode prometheus, int port, List<Finding> findings)
    {
        foreach (var job in prometheus.Items("scrape_configs"))
        {
            foreach (var target in job.Items("static_configs").SelectMany(s => s.Items("targets")).Select(t => ((YamlScalarNode)t).Value!))
            {
                var parts = target.Split(':');
                if (compose.At("services", parts[0]) is null || parts[^1] != port.ToString(CultureInfo.InvariantCulture))
                {
                    findings.Add(new Finding("prometheus.yaml", target, $"is no service of compose.yaml at port {port}, where the gateway listens."));
                }
            }

            var key = job.Text("authorization", "credentials_file") ?? "";
            if (!compose.Items("services", "prometheus", "secrets").Any(s => key == "/run/secrets/" + ((YamlScalarNode)s).Value))
            {
                findings.Add(new Finding("prometheus.yaml", "authorization.credentials_file", $"is '{key}', which is no secret of the service prometheus."));
            }
        }
    }

    private static TimeSpan Seconds(string duration) => TimeSpan.FromSeconds(
        DurationPart().Matches(duration).Sum(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) * (m.Groups[2].Value == "m" ? 60 : 1)));

    [GeneratedRegex("^max_connections=([0-9]+)$")]
    private static partial Regex Connections();

    [GeneratedRegex("([0-9]+)(s|m)")]
    private static partial Regex DurationPart();
}
