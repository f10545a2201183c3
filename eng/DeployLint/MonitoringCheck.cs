using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace MetaLlm.DeployLint;

/// <summary>Checks alert rules and dashboards against each other, the runbooks, and the series that a host exports.</summary>
public static partial class MonitoringCheck
{
    /// <summary>Labels that Prometheus adds, and the one that marks series beyond a metric's limit.</summary>
    private static readonly string[] Added = ["instance", "job", "le", "otel_metric_overflow"];

    /// <summary>Checks what can be checked without a host: the shape of the rules, their runbooks, and that both copies of them agree.</summary>
    /// <param name="root">The checkout.</param>
    public static IReadOnlyList<Finding> Check(string root)
    {
        var findings = new List<Finding>();
        var folder = Path.Combine(root, "deploy/monitoring");
        var alerts = Yaml.Parse(File.ReadAllText(Path.Combine(folder, "alerts.yaml")))[0];
        var rule = Yaml.Parse(File.ReadAllText(Path.Combine(folder, "prometheusrule.yaml")))[0];
        findings.AddRange(new Shape(Shape.Load("kubernetes.yaml")["PrometheusRule"], "prometheusrule.yaml").Check(rule));
        if (!Equals(alerts.At("groups"), rule.At("spec", "groups")))
        {
            findings.Add(new Finding("prometheusrule.yaml", "spec.groups", "differs from alerts.yaml; both must hold the same rules."));
        }

        foreach (var alert in alerts.Items("groups").SelectMany(g => g.Items("rules")))
        {
            var runbook = alert.Text("annotations", "runbook");
            if (!File.Exists(Path.Combine(root, "docs/runbooks", runbook + ".md")))
            {
                findings.Add(new Finding("alerts.yaml", alert.Text("alert")!, $"names the runbook '{runbook}', which is no page of docs/runbooks."));
            }
        }

        foreach (var query in Queries(root))
        {
            try
            {
                PromQl.Parse(query.Expression);
            }
            catch (FormatException e)
            {
                findings.Add(new Finding(query.File, query.Place, e.Message));
            }
        }

        return findings;
    }

    /// <summary>Finds metrics and labels that rules and dashboards ask for and a host does not export.</summary>
    /// <param name="root">The checkout.</param>
    /// <param name="labelsOf">The labels of a metric; null when nobody exports it.</param>
    public static IReadOnlyList<Finding> CheckSeries(string root, Func<string, IReadOnlySet<string>?> labelsOf)
    {
        var findings = new List<Finding>();
        foreach (var query in Queries(root))
        {
            var read = PromQl.Parse(query.Expression);
            var all = new HashSet<string>(Added, StringComparer.Ordinal);
            foreach (var (metric, labels) in read.Selectors)
            {
                var known = labelsOf(metric);
                all.UnionWith(known ?? new HashSet<string>());
                foreach (var label in labels.Where(l => known?.Contains(l) == false && !Added.Contains(l)))
                {
                    findings.Add(new Finding(query.File, query.Place, $"compares the label '{label}' of {metric}, which has {string.Join(", ", known!)}."));
                }

                if (known is null)
                {
                    findings.Add(new Finding(query.File, query.Place, $"reads {metric}, which no host exports."));
                }
            }

            findings.AddRange(read.Groups.Concat(query.Shown).Where(l => !all.Contains(l))
                .Select(l => new Finding(query.File, query.Place, $"groups or shows by the label '{l}', which none of its metrics has.")));
            findings.AddRange(query.Shown.Where(l => !read.Groups.Contains(l))
                .Select(l => new Finding(query.File, query.Place, $"shows the label '{l}', which its groups lose.")));
        }

        return findings;
    }

    private static IEnumerable<Query> Queries(string root)
    {
        var folder = Path.Combine(root, "deploy/monitoring");
        foreach (var alert in Yaml.Parse(File.ReadAllText(Path.Combine(folder, "alerts.yaml")))[0].Items("groups").SelectMany(g => g.Items("rules")))
        {
            var texts = alert.Members("annotations").Select(a => ((YamlScalarNode)a.Value).Value ?? "");
            yield return new Query("alerts.yaml", alert.Text("alert")!, alert.Text("expr")!, [.. texts.SelectMany(t => AlertLabel().Matches(t)).Select(m => m.Groups[1].Value)]);
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "dashboards"), "*.json").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file);
            var dashboard = JsonNode.Parse(File.ReadAllText(file))!;
            foreach (var panel in dashboard["panels"]!.AsArray().Where(p => p!["targets"] is not null))
            {
                foreach (var target in panel!["targets"]!.AsArray())
                {
                    var legend = target!["legendFormat"]!.GetValue<string>();
                    yield return new Query(name, panel["title"]!.GetValue<string>(), target["expr"]!.GetValue<string>(), [.. LegendLabel().Matches(legend).Select(m => m.Groups[1].Value)]);
                }
            }
        }
    }

    [GeneratedRegex(@"\$labels\.([a-zA-Z_][a-zA-Z0-9_]*)")]
    private static partial Regex AlertLabel();

    [GeneratedRegex(@"\{\{\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*\}\}")]
    private static partial Regex LegendLabel();

    /// <param name="File">Where it stands.</param>
    /// <param name="Place">Alert or panel.</param>
    /// <param name="Expression">PromQL.</param>
    /// <param name="Shown">Labels that texts beside it show.</param>
    private sealed record Query(string File, string Place, string Expression, IReadOnlyList<string> Shown);
}
