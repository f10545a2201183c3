using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Clients;

/// <summary>What tests of clients of several formats have in common.</summary>
internal static class SurfaceClients
{
    /// <summary>A configuration whose tenants have models of the simulator and one of a scripted upstream of chat completions, named <c>scripted</c>.</summary>
    public static JsonObject Configure(ScriptedUpstream upstream)
    {
        var configuration = TestConfiguration.Create();
        var usual = TestConfiguration.TenantAt(configuration, 0)["arms"]!.DeepClone().AsArray();
        upstream.Configure(configuration, "scripted");
        foreach (var tenant in configuration["MetaLlm"]!["tenants"]!.AsArray())
        {
            foreach (var arm in usual)
            {
                tenant!["arms"]!.AsArray().Add(arm!.DeepClone());
            }
        }

        return configuration;
    }
}
