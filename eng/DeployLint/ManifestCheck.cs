using System.Globalization;
using MetaLlm.Engine.Configuration;
using MetaLlm.Host;
using YamlDotNet.RepresentationModel;

namespace MetaLlm.DeployLint;

/// <summary>Checks what kustomize renders of an overlay: the fields, and that manifests and configuration agree.</summary>
public static class ManifestCheck
{
    /// <summary>Checks.</summary>
    /// <param name="yaml">The rendered manifests.</param>
    /// <param name="file">What to call them.</param>
    public static IReadOnlyList<Finding> Check(string yaml, string file)
    {
        var findings = new List<Finding>();
        var shapes = Shape.Load("kubernetes.yaml");
        var set = new ManifestSet(Yaml.Parse(yaml));
        foreach (var manifest in set.All)
        {
            if (shapes.TryGetValue(manifest.Text("kind") ?? "", out var shape))
            {
                findings.AddRange(new Shape(shape, $"{file} {ManifestSet.NameOf(manifest)}").Check(manifest));
            }
            else
            {
                findings.Add(new Finding(file, ManifestSet.NameOf(manifest), "is of a kind without a shape; add one."));
            }
        }

        if (findings.Count > 0)
        {
            // The rest takes the fields for granted.
            return findings;
        }

        var report = (string place, string message) => findings.Add(new Finding(file, place, message));
        foreach (var workload in set.Workloads)
        {
            CheckSelectors(workload, report);
        }

        var settings = new List<HostSettings>();
        foreach (var workload in set.Ours)
        {
            CheckSecurity(workload, report);
            if (ConnectionVariable(workload) is { } connection)
            {
                // A migration that is told its database needs no configuration.
                CheckVariables(set, workload, new HashSet<string> { connection }, report);
            }
            else if (ReadConfiguration(set, workload, file, findings) is { } read)
            {
                CheckVariables(set, workload, read.Variables, report);

                // A migration reads of its configuration where the database is, and nothing else.
                CheckFiles(set, workload, read.Files.Where(f => workload.Text("kind") == "Deployment" || f == read.Settings.Storage.ConnectionFile?.Path), report);
                if (workload.Text("kind") == "Deployment")
                {
                    settings.Add(read.Settings);
                    CheckMember(workload, read.Settings, report);
                    CheckNetwork(set, workload, read.Settings, report);
                }
            }
        }

        CheckTogether(settings, report);
        CheckTargets(set, report);
        return findings;
    }

    private static void CheckSelectors(YamlNode workload, Action<string, string> report)
    {
        if (workload.Text("kind") != "Job" && !workload.At("spec", "selector", "matchLabels").Selects(ManifestSet.Labels(workload)))
        {
            report(ManifestSet.NameOf(workload), "does not select its own pods.");
        }
    }

    private static void CheckSecurity(YamlNode workload, Action<string, string> report)
    {
        var name = ManifestSet.NameOf(workload);
        var security = ManifestSet.Container(workload).At("securityContext");
        var sound = ManifestSet.Pod(workload).Text("securityContext", "runAsNonRoot") == "true"
            && security.Text("readOnlyRootFilesystem") == "true"
            && security.Text("allowPrivilegeEscalation") == "false"
            && security.Items("capabilities", "drop").Any();
        if (!sound)
        {
            report(name, "must run as another user than root, on a read-only root file system, without capabilities or a way to gain privileges.");
        }
    }

    private static (HostSettings Settings, IReadOnlySet<string> Variables, IReadOnlySet<string> Files)? ReadConfiguration(
        ManifestSet set, YamlNode workload, string file, List<Finding> findings)
    {
        var name = ManifestSet.NameOf(workload);
        var container = ManifestSet.Container(workload);
        var path = container.Items("args").Select(a => a.Text()).SkipWhile(a => a != "--config").ElementAtOrDefault(1) ?? "";
        foreach (var mount in container.Items("volumeMounts").Where(m => path.StartsWith(m.Text("mountPath") + "/", StringComparison.Ordinal)))
        {
            var volume = ManifestSet.Pod(workload).Items("volumes").FirstOrDefault(v => v.Text("name") == mount.Text("name"));
            var map = set.Find("ConfigMap", volume.Text("configMap", "name"));
            if (map.Text("data", path[(mount.Text("mountPath")!.Length + 1)..]) is { } json)
            {
                return ConfigurationCheck.Read(json, $"{file} {ManifestSet.NameOf(map!)}", findings);
            }
        }

        findings.Add(new Finding(file, name, $"is started with --config '{path}', which no ConfigMap that it mounts holds."));
        return null;
    }

    private static string? ConnectionVariable(YamlNode workload) =>
        ManifestSet.Container(workload).Items("args").Select(a => a.Text()).SkipWhile(a => a != "--connection-env").ElementAtOrDefault(1);

    /// <summary>Every file that a configuration names must lie where a Secret is mounted, and be among the entries that are.</summary>
    private static void CheckFiles(ManifestSet set, YamlNode workload, IEnumerable<string> files, Action<string, string> report)
    {
        foreach (var file in files)
        {
            var mount = ManifestSet.Container(workload).Items("volumeMounts").FirstOrDefault(m => file.StartsWith(m.Text("mountPath") + "/", StringComparison.Ordinal));
            var secret = ManifestSet.Pod(workload).Items("volumes").FirstOrDefault(v => mount is not null && v.Text("name") == mount.Text("name")).At("secret");
            var entry = mount is null ? "" : file[(mount.Text("mountPath")!.Length + 1)..];
            var items = secret.Items("items").Select(i => i.Text("path")).ToList();
            if (secret is null || (items.Count > 0 && !items.Contains(entry)))
            {
                report(ManifestSet.NameOf(workload), $"does not mount {file}, which its configuration names.");
            }
            else if (set.Find("Secret", secret.Text("secretName")) is { } rendered && rendered.At("data", entry) is null)
            {
                // A Secret that is made elsewhere may hold anything.
                report(ManifestSet.NameOf(workload), $"mounts {ManifestSet.NameOf(rendered)}, which has no '{entry}' though the configuration names {file}.");
            }
        }
    }

    private static void CheckVariables(
        ManifestSet set, YamlNode workload, IReadOnlySet<string> variables, Action<string, string> report)
    {
        var container = ManifestSet.Container(workload);
        var secrets = container.Items("envFrom").Select(e => e.Text("secretRef", "name")).ToList();
        var rendered = secrets.Select(s => set.Find("Secret", s)).OfType<YamlNode>().ToList();
        if (rendered.Count < secrets.Count)
        {
            // A Secret that is made elsewhere may hold anything.
            return;
        }

        var known = container.Items("env").Select(e => e.Text("name")).Concat(rendered.SelectMany(s => s.Members("data").Select(d => d.Key))).ToHashSet();
        foreach (var variable in variables.Where(v => !known.Contains(v)))
        {
            report(ManifestSet.NameOf(workload), $"does not set {variable}, which its configuration names.");
        }
    }

    private static void CheckMember(YamlNode workload, HostSettings settings, Action<string, string> report)
    {
        var name = ManifestSet.NameOf(workload);
        var container = ManifestSet.Container(workload);
        foreach (var (port, expected) in Ports(settings))
        {
            var found = container.Items("ports").FirstOrDefault(p => p.Text("name") == port).Text("containerPort");
            if (found != expected.ToString(CultureInfo.InvariantCulture))
            {
                report(name, $"names port {found ?? "none"} '{port}', but the configuration has {expected}.");
            }
        }

        foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
        {
            if (!container.Items("ports").Any(p => p.Text("name") == container.Text(probe, "httpGet", "port")))
            {
                report(name, $"has no {probe} at a named port.");
            }
        }

        var before = int.Parse(container.Text("lifecycle", "preStop", "sleep", "seconds") ?? "0", CultureInfo.InvariantCulture);
        var grace = int.Parse(ManifestSet.Pod(workload).Text("terminationGracePeriodSeconds") ?? "30", CultureInfo.InvariantCulture);
        var stopping = ShutdownTimes.ProcessOf(settings.Drain).TotalSeconds;
        if (grace <= before + stopping)
        {
            report(name, $"is killed after {grace} s, but waits {before} s before it is told to stop and may take {stopping} s after that.");
        }

        if (settings.Listen.Any(a => a.IsLoopback))
        {
            report(name, $"listens on {settings.Listen[0]}, which nothing outside the pod reaches.");
        }
    }

    private static void CheckNetwork(ManifestSet set, YamlNode workload, HostSettings settings, Action<string, string> report)
    {
        var name = ManifestSet.NameOf(workload);
        var rules = set.OfKind("NetworkPolicy")
            .Where(p => p.At("spec", "podSelector", "matchLabels").Selects(ManifestSet.Labels(workload)))
            .SelectMany(p => p.Items("spec", "ingress"))
            .ToList();
        foreach (var (port, number) in Ports(settings))
        {
            var text = number.ToString(CultureInfo.InvariantCulture);
            var admitting = rules.Where(r => r.Items("ports").Any(p => p.Text("port") == text)).ToList();
            if (admitting.Count == 0)
            {
                report(name, $"has no NetworkPolicy that admits port {number} ({port}).");
            }
            else if (port != "http" && !admitting.All(r => r.Items("from").Any()
                && r.Items("from").All(f => f.At("podSelector", "matchLabels").Selects(ManifestSet.Labels(workload)))))
            {
                report(name, $"admits others than its own pods to port {number} ({port}).");
            }
        }
    }

    private static void CheckTogether(List<HostSettings> settings, Action<string, string> report)
    {
        if (settings.Any(s => !SettingsChanges.AreSame(s.Cluster, settings[0].Cluster) || !SettingsChanges.AreSame(s.Storage, settings[0].Storage)))
        {
            report("configurations", "differ in storage or cluster; all members must agree.");
        }

        if (settings.Count > 0 && settings.TrueForAll(s => s.Role == NodeRole.Gateway))
        {
            report("configurations", "are all of role gateway; somebody must be a silo.");
        }
    }

    private static void CheckTargets(ManifestSet set, Action<string, string> report)
    {
        foreach (var service in set.OfKind("Service"))
        {
            var chosen = set.Workloads.Where(w => service.At("spec", "selector").Selects(ManifestSet.Labels(w))).ToList();
            foreach (var port in service.Items("spec", "ports"))
            {
                if (chosen.Count == 0 || !chosen.TrueForAll(w => ManifestSet.Container(w).Items("ports").Any(p => p.Text("name") == port.Text("targetPort"))))
                {
                    report(ManifestSet.NameOf(service), $"leads to no pods with a port '{port.Text("targetPort")}'.");
                }
            }
        }

        foreach (var budget in set.OfKind("PodDisruptionBudget"))
        {
            if (!set.Members.Any(w => budget.At("spec", "selector", "matchLabels").Selects(ManifestSet.Labels(w))))
            {
                report(ManifestSet.NameOf(budget), "selects no pods.");
            }
        }

        foreach (var scaler in set.OfKind("HorizontalPodAutoscaler"))
        {
            var target = scaler.Text("spec", "scaleTargetRef", "name");
            if (set.Find("Deployment", target) is null)
            {
                report(ManifestSet.NameOf(scaler), $"scales Deployment '{target}', which is not there.");
            }

            var (least, most) = (int.Parse(scaler.Text("spec", "minReplicas")!, CultureInfo.InvariantCulture), int.Parse(scaler.Text("spec", "maxReplicas")!, CultureInfo.InvariantCulture));
            if (least < 2 || least > most)
            {
                report(ManifestSet.NameOf(scaler), $"has {least} to {most} replicas; at least 2 are needed, and the maximum must not be below the minimum.");
            }
        }

        foreach (var monitor in set.OfKind("PodMonitor"))
        {
            // The engine's figures are those of silos, which stand behind no Service when gateways stand apart.
            foreach (var workload in set.Members.Where(w => !monitor.At("spec", "selector", "matchLabels").Selects(ManifestSet.Labels(w))))
            {
                report(ManifestSet.NameOf(monitor), $"does not select the pods of {ManifestSet.NameOf(workload)}.");
            }
        }

        foreach (var ingress in set.OfKind("Ingress"))
        {
            CheckIngress(set, ingress, report);
        }
    }

    private static void CheckIngress(ManifestSet set, YamlNode ingress, Action<string, string> report)
    {
        foreach (var path in ingress.Items("spec", "rules").SelectMany(r => r.Items("http", "paths")))
        {
            var (service, port) = (path.Text("backend", "service", "name"), path.Text("backend", "service", "port", "name"));
            if (set.Find("Service", service)?.Items("spec", "ports").Any(p => p.Text("name") == port) != true)
            {
                report(ManifestSet.NameOf(ingress), $"leads to port '{port}' of Service '{service}', which is not there.");
            }

            if (path.Text("path") is "/" or "/metrics" or "/health")
            {
                report(ManifestSet.NameOf(ingress), $"publishes {path.Text("path")}; metrics and health stay inside.");
            }
        }

        // nginx holds answers back by default, and cuts off what is silent for a minute.
        var annotations = ingress.At("metadata", "annotations");
        if (annotations.Text("nginx.ingress.kubernetes.io/proxy-buffering") != "off")
        {
            report(ManifestSet.NameOf(ingress), "buffers answers, which are streams; proxy-buffering must be off.");
        }

        if (!int.TryParse(annotations.Text("nginx.ingress.kubernetes.io/proxy-read-timeout"), CultureInfo.InvariantCulture, out var seconds) || seconds < 600)
        {
            report(ManifestSet.NameOf(ingress), "gives up on silent answers too early; proxy-read-timeout must be at least 600 seconds, as long as a call may take.");
        }
    }

    private static (string Name, int Number)[] Ports(HostSettings settings) => settings.Role == NodeRole.Gateway
        ? [("http", settings.Listen[0].Port)]
        : [("http", settings.Listen[0].Port), ("silo", settings.Cluster.Options.SiloPort), ("gateway", settings.Cluster.Options.GatewayPort)];
}
