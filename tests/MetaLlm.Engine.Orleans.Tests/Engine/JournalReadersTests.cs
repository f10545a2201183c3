using MetaLlm.Core.Arms;
using MetaLlm.Core.Cascades;
using MetaLlm.Core.Guarantees;
using MetaLlm.Core.Sharing;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;

namespace MetaLlm.Engine.Orleans.Tests.Engine;

/// <summary>A kind of event that earlier releases cannot read is written once no silo runs one.</summary>
public sealed class JournalReadersTests
{
    [Fact]
    public async Task An_event_waits_until_the_last_silo_that_cannot_read_it_has_gone_whoever_asks_and_whoever_owns_the_tenant()
    {
        var silos = 0;
        await using var store = new InMemoryStoreFixture();
        await using var cluster = await MetaLlmCluster.StartAsync(new SiloSetup
        {
            Journal = store.Journal,
            Snapshots = store.Snapshots,
            Silos = 2,
            Client = true,
            Silo = silo =>
            {
                if (Interlocked.Increment(ref silos) == 2)
                {
                    // As a release says nothing that does not know the member.
                    silo.Services.Remove(silo.Services.Single(service => service.ServiceType == typeof(IGrainPropertiesProvider) && service.ImplementationType == typeof(ReadEvents)));
                }
            },
        });
        ITenantEngine silo = cluster.Engine;
        var client = cluster.Client.GetRequiredService<ITenantEngine>();
        ITenantEngine unaware = new OrleansTenantEngine(cluster.Grains);
        foreach (var tenant in Enumerable.Range(0, 8).Select(i => $"tenant-{i}"))
        {
            await silo.ConfigureAsync(tenant, TestTenants.Configuration(), default);
            foreach (var engine in new[] { silo, client })
            {
                await Assert.ThrowsAsync<UpgradeInProgressException>(async () => await engine.ConfigureAsync($"{tenant}-carded", Carded(), default));
                await Assert.ThrowsAsync<UpgradeInProgressException>(async () => await engine.ConfigureAsync($"{tenant}-sharing", TestTenants.Configuration() with { Sharing = new SharingSettings { Give = true } }, default));
            }

            foreach (var engine in new[] { silo, client, unaware })
            {
                await Assert.ThrowsAsync<UpgradeInProgressException>(async () => await engine.ResetBudgetAsync(tenant, default));
                await Assert.ThrowsAsync<UpgradeInProgressException>(async () => await engine.ConfigureAsync($"{tenant}-sharded", TestTenants.Configuration() with { Shards = 2 }, default));
                await Assert.ThrowsAsync<UpgradeInProgressException>(async () => await engine.DecideAsync(tenant, TestTenants.Priced(), default));
                await Assert.ThrowsAsync<UpgradeInProgressException>(async () => await engine.ConfigureAsync(tenant, TestTenants.Configuration() with { Cascade = new CascadeSettings() }, default));
                await Assert.ThrowsAsync<UpgradeInProgressException>(async () => await engine.CompareAsync(tenant, 1, false, default));
                await Assert.ThrowsAsync<UpgradeInProgressException>(async () => await engine.ConfigureAsync(tenant, TestTenants.Configuration() with { Guarantee = new GuaranteeSettings { Reference = "large" } }, default));
            }

            // Whoever owns a tenant that is only asked about refuses nothing: its callers have to.
            foreach (var engine in new[] { silo, client })
            {
                await Assert.ThrowsAsync<UpgradeInProgressException>(async () => await engine.PreviewAsync(tenant, TestTenants.Query(), default));
                await Assert.ThrowsAsync<UpgradeInProgressException>(async () => await engine.AssessAsync(tenant, [TestTenants.Query()], default));
                await Assert.ThrowsAsync<UpgradeInProgressException>(async () => await engine.ConsiderAsync(tenant, new Consideration { DecisionId = "d", Signals = default, SpentUsd = 0 }, default));
                Assert.Empty(await engine.DescribeJudgesAsync(tenant, default));
            }

            Assert.IsType<ConfiguredEvent>(Assert.Single(await store.Journal.ReadEventsAsync(tenant, 0, 10, default)));
        }

        // A client asks for manifests once a minute, a silo at every change of the cluster.
        var left = await cluster.StopSiloAsync(services => !services.GetServices<IGrainPropertiesProvider>().OfType<ReadEvents>().Any());
        silo = left.GetRequiredService<OrleansTenantEngine>();
        await Eventually.TrueAsync("the silo is known to have gone", async () =>
        {
            try
            {
                return (await silo.ResetBudgetAsync("tenant-0", default)).Sequence > 1;
            }
            catch (UpgradeInProgressException)
            {
                return false;
            }
        });
        Assert.Equal(2, (await silo.ResetBudgetAsync("tenant-1", default)).Sequence);
        Assert.Equal("embedder-a", (await silo.DecideAsync("tenant-1", TestTenants.Priced(), default)).ChosenArm);
        await silo.ConfigureAsync("tenant-1", Carded(), default);
    }

    private static TenantConfiguration Carded()
    {
        var plain = TestTenants.Configuration();
        return plain with { Arms = [.. plain.Arms.Select(arm => arm with { Card = new ModelCard { Quality = 0.8 } })] };
    }
}
