using MetaLlm.Engine.Ports;

namespace MetaLlm.Host;

/// <summary>What the host says of itself when it has started.</summary>
public static class StartupReport
{
    /// <summary>Writes addresses, tenants, arms, policies, embedder and storage path; never a key.</summary>
    /// <param name="host">A host that has started.</param>
    /// <param name="output">Where to.</param>
    public static void Write(MetaLlmHost host, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(output);
        var settings = host.Settings;
        foreach (var address in host.Addresses)
        {
            output.WriteLine($"MetaLlm listens on {address.GetLeftPart(UriPartial.Authority)}/v1");
        }

        if (host.Simulator is { } simulator)
        {
            output.WriteLine($"  simulator  plays the models on {simulator.BaseAddress}; no real model is called");
            output.WriteLine($"  questions  {new Uri(simulator.BaseAddress, "sim/tasks")} lists what they can answer");
        }

        if (settings.AnonymousTenant is { } anonymous)
        {
            output.WriteLine($"  anonymous  callers without a key are tenant '{anonymous}' (loopback only)");
        }

        foreach (var tenant in settings.Tenants.Values)
        {
            output.WriteLine($"  tenant     {tenant.Id}: policy {tenant.Configuration.Policy}, models {string.Join(", ", tenant.Configuration.Arms.Select(a => a.Enabled ? a.Id : a.Id + " (off)"))}");
        }

        output.WriteLine($"  embedder   {host.Services.GetRequiredService<IEmbedder>().Model.Name}");
        output.WriteLine($"  cluster    {(settings.Role == NodeRole.All ? "silo and gateway" : settings.Role.ToString().ToLowerInvariant())} of '{settings.Cluster.Options.ClusterId}', membership {settings.Cluster.Options.Membership.ToString().ToLowerInvariant()}");
        output.WriteLine($"  storage    {settings.Storage}");
    }
}
