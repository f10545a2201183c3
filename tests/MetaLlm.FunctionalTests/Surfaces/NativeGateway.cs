using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Upstreams;

namespace MetaLlm.FunctionalTests.Surfaces;

/// <summary>A gateway whose cheapest model lies at an upstream of Anthropic's format. Another has parameters to leave out, and a third speaks chat.</summary>
public sealed class NativeGateway : IAsyncLifetime
{
    private RunningGateway _gateway = null!;

    internal LoopbackUpstream Upstream { get; private set; } = null!;

    /// <summary>A tenant with a judge.</summary>
    internal Client Judged => _gateway.With(UpstreamConfiguration.Key("judged"));

    internal Client Payer => _gateway.With(UpstreamConfiguration.Key("payer"));

    public async Task InitializeAsync()
    {
        Upstream = await LoopbackUpstream.StartAsync(call => throw new InvalidOperationException($"The test says nothing of model '{call.Model}'."));
        var configuration = UpstreamConfiguration.Create(("claude", Upstream.Address), ("chat", Upstream.Address));
        configuration["MetaLlm"]!["upstreams"]!["claude"]!["kind"] = "anthropic";
        foreach (var (_, upstream) in configuration["MetaLlm"]!["upstreams"]!.AsObject())
        {
            foreach (var limit in (string[])["firstByteTimeoutSeconds", "plainTimeoutSeconds", "idleTimeoutSeconds", "totalTimeoutSeconds"])
            {
                upstream![limit] = 60;
            }
        }

        var changed = UpstreamConfiguration.Arm("changed", "claude", new ModelPrice(3, 0.3m, 15), "claude-3");
        changed["dropParameters"] = new JsonArray("top_k");
        var tenant = UpstreamConfiguration.AddTenant(
            configuration, "payer",
            UpstreamConfiguration.Arm("claude", "claude", new ModelPrice(1, 0.1m, 2), "claude-3"),
            UpstreamConfiguration.Arm("chat", "chat", new ModelPrice(2, 0.2m, 4)),
            changed);
        tenant["policy"] = "cheapest";
        UpstreamConfiguration.AddTenant(configuration, "judged", UpstreamConfiguration.Arm("claude", "claude", new ModelPrice(1, 0.1m, 2), "claude-3"))["judges"] =
            JsonNode.Parse("""{"share":1,"list":[{"id":"any","kind":"regex","pattern":"."}]}""");
        _gateway = await RunningGateway.StartAsync(configuration, variable: UpstreamConfiguration.Variable);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
