using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Orleans.Callers;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Engine.Orleans.Tests.Workers;

public sealed class AllowanceTests : IAsyncLifetime
{
    private static readonly AdmissionLimits Limits = new() { RequestsPerMinute = 10 };

    private MetaLlmCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        var store = new InMemoryStoreFixture();
        _cluster = await MetaLlmCluster.StartAsync(new SiloSetup { Journal = store.Journal, Snapshots = store.Snapshots, Client = true, Silos = 2 });
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task All_processes_of_a_cluster_take_from_one_allowance()
    {
        var (silo, client) = (_cluster.Silo.GetRequiredService<IAllowanceHolder>(), _cluster.Client.GetRequiredService<IAllowanceHolder>());
        Assert.IsType<GrainAllowanceHolder>(silo);
        Assert.Equal(6, (await silo.RenewAsync("t", Report("a", 6), default)).Requests.Granted);
        var second = await client.RenewAsync("t", Report("b", 6), default);
        Assert.Equal((4.0, 0.0, 2), (second.Requests.Granted, second.Requests.Left, second.Nodes));
        Assert.Equal(6, (await client.RenewAsync("t/key", Report("b", 6), default)).Requests.Granted);
    }

    private static AllowanceReport Report(string node, double needed) =>
        new() { Node = node, Limits = Limits, IsActive = true, Requests = new AllowanceNeed { Needed = needed, Least = 1 } };
}
