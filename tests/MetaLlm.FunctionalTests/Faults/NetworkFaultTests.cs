using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Upstreams;
using Xunit.Abstractions;

namespace MetaLlm.FunctionalTests.Faults;

/// <summary>
/// A steady load while the network between the gateway and two of its three models fails in one way after the other. METALLM_NETWORK_SECONDS and
/// METALLM_NETWORK_RATE ask for a longer and a heavier run, METALLM_NETWORK_REPORT names a file for its report.
/// </summary>
[Collection(Alone.Name)]
public sealed class NetworkFaultTests(ITestOutputHelper output)
{
    private const double FirstByteSeconds = 1;

    /// <summary>Machines that do other things too are late now and then; that is no fault of the network.</summary>
    private const double Slack = 0.25;

    private static readonly TimeSpan Total = TimeSpan.FromSeconds(Number("METALLM_NETWORK_SECONDS", 16));
    private static readonly int Rate = Number("METALLM_NETWORK_RATE", 200);
    private static readonly string? Report = Environment.GetEnvironmentVariable("METALLM_NETWORK_REPORT");

    /// <summary>What the two networks do, one phase after the other. Hanging both at once would cost a request two attempts.</summary>
    private static readonly (NetworkFault First, NetworkFault Second)[] Phases =
    [
        (NetworkFault.Latency, NetworkFault.None), (NetworkFault.Cut, NetworkFault.None), (NetworkFault.None, NetworkFault.Reset), (NetworkFault.Hang, NetworkFault.None),
        (NetworkFault.None, NetworkFault.Cut), (NetworkFault.Reset, NetworkFault.Reset), (NetworkFault.Reset, NetworkFault.Hang), (NetworkFault.Cut, NetworkFault.Latency),
    ];

    [Fact]
    public async Task Nobody_sees_a_network_fail_while_one_model_can_be_reached()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Answers.WellAsync);
        await using var first = new FaultyProxy(upstream.Port);
        await using var second = new FaultyProxy(upstream.Port);
        await using var gateway = await RunningGateway.StartAsync(
            Configuration(("first", first.Address), ("second", second.Address), ("healthy", upstream.Address)), variable: UpstreamConfiguration.Variable);
        var client = gateway.With(UpstreamConfiguration.Key("steady"));
        var warming = new SteadyLoad(client, Rate);
        await warming.RunAsync(TimeSpan.FromSeconds(1));
        await warming.EndAsync();
        var healthy = new SteadyLoad(client, Rate);
        await healthy.RunAsync(Total / 4);
        await healthy.EndAsync();

        var report = new StringBuilder();
        Line(report, "healthy", healthy);
        var faulty = new SteadyLoad(client, Rate);
        var rounds = Math.Max(1, (int)(Total.TotalSeconds / 120));
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (one, other) in Phases)
            {
                (first.Fault, second.Fault) = (one, other);
                await faulty.RunAsync(Total * 0.75 / (rounds * Phases.Length));
            }
        }

        (first.Fault, second.Fault) = (NetworkFault.None, NetworkFault.None);
        await faulty.EndAsync();
        Line(report, "faulty", faulty);
        report.AppendJoin('\n', faulty.Failures.Take(10));
        output.WriteLine(report.ToString());
        if (Report is not null)
        {
            await File.WriteAllTextAsync(Report, report.ToString());
        }

        Assert.True(healthy.Failed == 0 && faulty.Failed == 0, report.ToString());
        Assert.True(faulty.Percentile(0.99) <= healthy.Percentile(0.99) + FirstByteSeconds + Slack, report.ToString());
    }

    private static JsonObject Configuration(params (string Name, Uri Address)[] upstreams)
    {
        var configuration = UpstreamConfiguration.Create(upstreams);
        var section = configuration["MetaLlm"]!.AsObject();
        section["routing"] = new JsonObject { ["coolDownSeconds"] = 0.5, ["maxCoolDownSeconds"] = 0.5 };
        foreach (var (name, _) in upstreams)
        {
            section["upstreams"]![name]!["connectTimeoutSeconds"] = FirstByteSeconds;
            section["upstreams"]![name]!["firstByteTimeoutSeconds"] = FirstByteSeconds;
            section["upstreams"]![name]!["plainTimeoutSeconds"] = FirstByteSeconds;
        }

        UpstreamConfiguration.AddTenant(configuration, "steady", [.. upstreams.Select(u => UpstreamConfiguration.Arm(u.Name, u.Name, new(1m, 1m, 10m)))]);
        return configuration;
    }

    private static void Line(StringBuilder report, string name, SteadyLoad load) => report.AppendLine(
        CultureInfo.InvariantCulture,
        $"{name}: {load.Count} requests at {Rate}/s, {load.Failed} x 5xx, {load.BrokenOff} streams broken off, p50 {load.Percentile(0.5) * 1000:F0} ms, p99 {load.Percentile(0.99) * 1000:F0} ms, longest {load.Percentile(1) * 1000:F0} ms");

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
