using MetaLlm.FunctionalTests.Durability;
using MetaLlm.FunctionalTests.Upstreams;

namespace MetaLlm.FunctionalTests.Money;

/// <summary>Nothing above a cap, neither in the ledger nor on the upstream's invoice, whatever clients, upstreams and operating systems do.</summary>
public sealed class CapFloodTests
{
    public static TheoryData<FloodKind> Kinds { get; } = [.. Enum.GetValues<FloodKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_flood_spends_nothing_above_the_cap(FloodKind kind)
    {
        await using var floods = await CapFlood.StartAsync(CapFlood.Rounds);
        var configuration = TestConfiguration.Create();
        floods.Configure(configuration);
        await using var gateway = await RunningGateway.StartAsync(configuration, variable: UpstreamConfiguration.Variable);
        foreach (var flood in floods.Floods.Where(flood => flood.Kind == kind))
        {
            var client = gateway.With(CapFlood.Key(flood));
            await floods.RunAsync(flood, () => [client]);
            await floods.AssertKeptAsync(flood, client);
        }
    }

    [Theory]
    [InlineData(FloodKind.Plain)]
    [InlineData(FloodKind.Stream)]
    [InlineData(FloodKind.LeaveStream)]
    public async Task A_flood_spends_nothing_above_the_cap_though_its_gateway_is_killed(FloodKind kind)
    {
        using var directory = new TemporaryDirectory();
        await using var floods = await CapFlood.StartAsync();
        var configuration = TestConfiguration.Create();
        floods.Configure(configuration);
        var file = directory.File("metallm.json");
        await File.WriteAllTextAsync(file, configuration.ToJsonString());
        string[] arguments = ["--config", file, "--listen", "http://127.0.0.1:0", "--data", directory.Path];
        var flood = new Flood(kind, 1);
        using (var doomed = await HostProcess.StartAsync(floods.Environment, arguments))
        {
            IReadOnlyList<Client> open = [doomed.With(CapFlood.Key(flood))];
            await floods.RunAsync(flood, () => Volatile.Read(ref open), async () =>
            {
                await doomed.KillAsync();
                Volatile.Write(ref open, []);
            });
        }

        using var survivor = await HostProcess.StartAsync(floods.Environment, arguments);
        await floods.RunAsync(flood, () => [survivor.With(CapFlood.Key(flood))]);

        // What was under way at the kill stays set aside until it expires.
        await floods.AssertKeptAsync(flood, survivor.With(CapFlood.Key(flood)), everythingSettles: false);
    }
}
