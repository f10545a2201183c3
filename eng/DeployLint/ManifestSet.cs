using YamlDotNet.RepresentationModel;

namespace MetaLlm.DeployLint;

/// <summary>The manifests that one overlay renders to.</summary>
internal sealed class ManifestSet(IReadOnlyList<YamlNode> manifests)
{
    private static readonly string[] WorkloadKinds = ["Deployment", "StatefulSet", "Job"];

    public IReadOnlyList<YamlNode> All => manifests;

    /// <summary>Everything that makes pods.</summary>
    public IEnumerable<YamlNode> Workloads => manifests.Where(m => WorkloadKinds.Contains(m.Text("kind")));

    /// <summary>Workloads that run the product's image.</summary>
    public IEnumerable<YamlNode> Ours => Workloads.Where(IsOurs);

    /// <summary>Deployments of the product: the members of the cluster.</summary>
    public IEnumerable<YamlNode> Members => Ours.Where(m => m.Text("kind") == "Deployment");

    public IEnumerable<YamlNode> OfKind(string kind) => manifests.Where(m => m.Text("kind") == kind);

    public YamlNode? Find(string kind, string? name) => OfKind(kind).FirstOrDefault(m => m.Text("metadata", "name") == name);

    public static string NameOf(YamlNode manifest) => $"{manifest.Text("kind")}/{manifest.Text("metadata", "name")}";

    public static YamlNode? Pod(YamlNode workload) => workload.At("spec", "template", "spec");

    public static YamlNode? Labels(YamlNode workload) => workload.At("spec", "template", "metadata", "labels");

    public static YamlNode Container(YamlNode workload) => Pod(workload).Items("containers").First();

    private static bool IsOurs(YamlNode workload) =>
        (Container(workload).Text("image") ?? "").Split('/')[^1].Split(':')[0] == "metallm";
}
