using System.Diagnostics.Metrics;
using MetaLlm.Engine.Orleans.ClusterTests.Support;
using MetaLlm.Engine.Tenants;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Orleans.ClusterTests;

/// <summary>Two clusters that know nothing of each other serve the same tenants from one database: every tenant has two owners.</summary>
public sealed class DuplicateActivationTests : ClusterTest
{
    [PostgresFact]
    public async Task Two_owners_of_a_tenant_fence_each_other_and_lose_nothing()
    {
        using var fences = new Fences();
        await using var one = await PostgresCluster.StartAsync(new ClusterSetup { Database = Database, Silos = 1 });
        await using var other = await PostgresCluster.StartAsync(new ClusterSetup { Database = Database, Silos = 1 });
        var (first, second) = (one.DoorOf(one.Silos[0]), other.DoorOf(other.Silos[0]));
        var load = new TenantLoad(Tenants(3), () => [first, new Door("other", second.Engine)]);

        await load.StartAsync(4);
        await load.ProgressAsync(60);
        await load.StopAsync();

        foreach (var rounds in load.Rounds.GroupBy(round => round.Tenant))
        {
            Assert.Equal(2, rounds.Select(round => round.DecidedBy).Distinct().Count());
        }

        Assert.True(fences.Count > 0, "The owners never met.");
        await Books.BalanceAsync(load, Journal, first.Engine, second.Engine, first.Engine);
    }

    /// <summary>Counts how often owners gave up because of another.</summary>
    private sealed class Fences : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public Fences()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: EngineMetrics.MeterName, Name: "metallm.engine.fenced" })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, measurement, _, _) => Interlocked.Add(ref _count, measurement));
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
