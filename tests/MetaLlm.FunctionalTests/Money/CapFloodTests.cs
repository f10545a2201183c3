using System.Globalization;
using MetaLlm.FunctionalTests.Durability;
using MetaLlm.FunctionalTests.Upstreams;

namespace MetaLlm.FunctionalTests.Money;

/// <summary>Nothing above a cap, neither in the ledger nor on the upstream's invoice, whatever clients, upstreams and operating systems do.</summary>
public sealed class CapFloodTests
{
    /// <summary>Every kind once in the suite; METALLM_FLOOD_RUNS asks for more.</summary>
    public static TheoryData<FloodKind, int> Runs { get; } = All();

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task A_flood_spends_nothing_above_the_cap(FloodKind kind, int run)
    {
        Assert.True(run > 0);
        await using var flood = await CapFlood.StartAsync();
        var configuration = TestConfiguration.Create();
        flood.Configure(configuration);
        await using var gateway = await RunningGateway.StartAsync(configuration, variable: UpstreamConfiguration.Variable);
        var client = gateway.With(UpstreamConfiguration.Key(CapFlood.Tenant(kind)));

        await flood.RunAsync(kind, () => [client]);

        await flood.AssertKeptAsync(kind, client);
    }

    [Theory]
    [InlineData(FloodKind.Plain)]
    [InlineData(FloodKind.Stream)]
    [InlineData(FloodKind.LeaveStream)]
    public async Task A_flood_spends_nothing_above_the_cap_though_its_gateway_is_killed(FloodKind kind)
    {
        using var directory = new TemporaryDirectory();
        await using var flood = await CapFlood.StartAsync();
        var configuration = TestConfiguration.Create();
        flood.Configure(configuration);
        var file = Path.Combine(directory.Path, "metallm.json");
        await File.WriteAllTextAsync(file, configuration.ToJsonString());
        string[] arguments = ["--config", file, "--listen", "http://127.0.0.1:0", "--data", directory.Path];
        var key = UpstreamConfiguration.Key(CapFlood.Tenant(kind));
        using (var doomed = await HostProcess.StartAsync(CapFlood.Environment, arguments))
        {
            IReadOnlyList<Client> open = [doomed.With(key)];
            await flood.RunAsync(kind, () => Volatile.Read(ref open), async () =>
            {
                await doomed.KillAsync();
                Volatile.Write(ref open, []);
            });
        }

        using var survivor = await HostProcess.StartAsync(CapFlood.Environment, arguments);
        await flood.RunAsync(kind, () => [survivor.With(key)]);

        // What was under way at the kill stays set aside until it expires.
        await flood.AssertKeptAsync(kind, survivor.With(key), everythingSettles: false);
    }

    private static TheoryData<FloodKind, int> All()
    {
        var runs = int.Parse(Environment.GetEnvironmentVariable("METALLM_FLOOD_RUNS") ?? "1", CultureInfo.InvariantCulture);
        var all = new TheoryData<FloodKind, int>();
        for (var run = 1; run <= runs; run++)
        {
            foreach (var kind in Enum.GetValues<FloodKind>())
            {
                all.Add(kind, run);
            }
        }

        return all;
    }
}
