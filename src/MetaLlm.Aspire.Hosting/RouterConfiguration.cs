using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.Aspire.Hosting;

/// <summary>The configuration of a router as it grows; it becomes a file when the router starts. Secrets are not in it: they go by environment variables.</summary>
public sealed class RouterConfiguration
{
    private const string Cluster = "cluster";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The section <c>MetaLlm</c>, with the members of <c>docs/configuration.md</c>.</summary>
    public JsonObject Section { get; } = [];

    /// <summary>Whether silos of their own hold the tenants.</summary>
    internal bool HasSilos { get; set; }

    /// <summary>An object of the section, which is made where it is missing.</summary>
    /// <param name="name">Its name.</param>
    internal JsonObject Object(string name)
    {
        if (Section[name] is not JsonObject found)
        {
            Section[name] = found = [];
        }

        return found;
    }

    /// <summary>Adds to a list of the section, which is made where it is missing.</summary>
    /// <param name="name">The list.</param>
    /// <param name="item">What is added.</param>
    internal void Add(string name, JsonObject item)
    {
        if (Section[name] is not JsonArray list)
        {
            Section[name] = list = [];
        }

        list.Add(item);
    }

    /// <summary>The file of the router.</summary>
    /// <param name="ports">Its ports in the cluster; null to keep the standard ones.</param>
    internal string ForRouter(SiloPorts? ports)
    {
        var section = (JsonObject)Section.DeepClone();
        if (HasSilos)
        {
            section["role"] = "gateway";
        }
        else
        {
            Place(section, ports);
        }

        return Text(section);
    }

    /// <summary>The file of a silo, which has what the router has but for those who call.</summary>
    /// <param name="ports">Its ports.</param>
    internal string ForSilo(SiloPorts ports)
    {
        var section = (JsonObject)Section.DeepClone();
        section["role"] = "silo";
        foreach (var name in new[] { "tenants", "upstreams", "admin", "anonymousTenant", "guardrails", "retrievers", "metrics", "console" })
        {
            section.Remove(name);
        }

        Place(section, ports);
        return Text(section);
    }

    private static void Place(JsonObject section, SiloPorts? ports)
    {
        if (ports is null)
        {
            return;
        }

        var cluster = section[Cluster] as JsonObject ?? [];
        section.Remove(Cluster);
        cluster["siloPort"] ??= ports.Silo;
        cluster["gatewayPort"] ??= ports.Gateway;
        section[Cluster] = cluster;
    }

    private static string Text(JsonObject section) => new JsonObject { ["MetaLlm"] = section }.ToJsonString(Indented);
}
