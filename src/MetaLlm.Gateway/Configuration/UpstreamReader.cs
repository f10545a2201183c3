using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Reads the object <c>upstreams</c>.</summary>
internal static class UpstreamReader
{
    private const string Simulator = "simulator";

    /// <summary>Stands in for the simulator's address until it runs; nothing is sent there.</summary>
    private static readonly Uri NotStarted = new("http://127.0.0.1:1/v1");

    public static Dictionary<string, UpstreamSettings> Read(SectionReader root, NodeRole role, SettingsContext context)
    {
        var upstreams = new Dictionary<string, UpstreamSettings>(StringComparer.Ordinal);
        foreach (var upstream in root.Members("upstreams"))
        {
            upstreams[upstream.Key] = ReadOne(upstream, context);
            upstream.RefuseUnknown();
        }

        if (upstreams.Values.Count(u => u.Simulator is not null) > 1)
        {
            root.Fail("upstreams", "has more than one of kind 'simulator'; the host plays one.");
        }

        if (upstreams.Count == 0 && role != NodeRole.Silo)
        {
            root.Fail("upstreams", "is empty; at least one upstream is needed.");
        }

        return upstreams;
    }

    private static UpstreamSettings ReadOne(SectionReader upstream, SettingsContext context)
    {
        var standard = new UpstreamTimeouts();
        var kind = upstream.Choice("kind", "openai", "openai", Simulator);
        var isSimulator = kind == Simulator;
        var endpoint = new UpstreamEndpoint
        {
            Name = upstream.Key,
            BaseAddress = isSimulator ? SimulatorAddress(upstream, context) : ReadBaseUrl(upstream),
            ApiKey = isSimulator ? null : KeyVariable.Read(upstream, "apiKeyEnvironment", context),
            Timeouts = new UpstreamTimeouts
            {
                Connect = upstream.Seconds("connectTimeoutSeconds", standard.Connect, 300),
                FirstByte = upstream.Seconds("firstByteTimeoutSeconds", standard.FirstByte, 3600),
                Idle = upstream.Seconds("idleTimeoutSeconds", standard.Idle, 3600),
                Total = upstream.Seconds("totalTimeoutSeconds", standard.Total, 86_400),
            },
            ConnectRetries = (int?)upstream.Integer("connectRetries", 0, 5) ?? 1,
            AskForStreamUsage = upstream.Flag("askForStreamUsage", fallback: true),
        };
        return new UpstreamSettings(endpoint, isSimulator ? ReadSimulator(upstream) : null);
    }

    private static SimulatorSettings ReadSimulator(SectionReader upstream) => new(
        (int?)upstream.Integer("seed", 0, int.MaxValue) ?? 1,
        upstream.Number("timeScale", 0, 100) ?? 1);

    private static Uri SimulatorAddress(SectionReader upstream, SettingsContext context)
    {
        if (context is { Running: true, SimulatorAddress: null })
        {
            upstream.Fail("kind", "is 'simulator', which is started with the gateway only; restart to add it.");
        }

        return context.SimulatorAddress ?? NotStarted;
    }

    private static Uri ReadBaseUrl(SectionReader upstream)
    {
        var text = upstream.RequiredText("baseUrl", 2048);
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Query.Length == 0)
        {
            return uri;
        }

        if (text.Length > 0)
        {
            upstream.Fail("baseUrl", $"is '{text}'; it must be an http or https address without user, password or query, such as https://api.example.com/v1.");
        }

        return NotStarted;
    }
}
