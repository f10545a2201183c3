using System.Net.Http.Headers;
using MetaLlm.Chaos.Cluster;
using MetaLlm.Chaos.Judging;
using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Tests;

/// <summary>
/// The release before this one and this build on one database, under load, while hosts change from one to the other. A load balancer stands
/// before them, as in production. Clients may be sent to another host, and must be answered there.
/// </summary>
[Collection(Alone.Name)]
public sealed class RollingUpgradeTests
{
    private const int Tenants = 8;
    private const double Rate = 12;
    private const int MoreFeedback = 4;
    private const string NextCluster = "metallm-next";
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    [PreviousReleaseFact]
    public async Task Hosts_change_to_this_build_one_by_one_and_clients_lose_nothing()
    {
        var previous = await PreviousRelease.BuildAsync();
        await using var roll = await Roll.StartAsync(previous);
        await roll.Cluster.MigrateAsync(ClusterOptions.OwnProgram);
        var sharesTheWire = PreviousRelease.SharesTheWire(previous);
        await roll.ChangeAllAsync(
            ClusterOptions.OwnProgram,
            sharesTheWire ? ChaosCluster.DefaultClusterId : NextCluster,
            async changed =>
            {
                // An event that the release before cannot read waits for the last host of it.
                var isLast = changed == roll.Cluster.Hosts.Count - 1;
                Assert.True(!sharesTheWire || isLast == await roll.ResetsBudgetAsync(changed), $"{changed + 1} hosts are changed.");
            });
        await roll.NothingIsLostAsync();
    }

    [PreviousReleaseFact(back: true)]
    public async Task Hosts_change_back_to_the_release_before_one_by_one_and_clients_lose_nothing()
    {
        var previous = await PreviousRelease.BuildAsync();
        await using var roll = await Roll.StartAsync(ClusterOptions.OwnProgram);
        await roll.ChangeAllAsync(previous, PreviousRelease.SharesTheWire(previous) ? ChaosCluster.DefaultClusterId : NextCluster);
        await roll.NothingIsLostAsync();
    }

    [PreviousReleaseFact]
    public async Task Hosts_of_one_build_restart_one_by_one_and_clients_lose_nothing()
    {
        await using var roll = await Roll.StartAsync(ClusterOptions.OwnProgram);
        await roll.ChangeAllAsync(ClusterOptions.OwnProgram, ChaosCluster.DefaultClusterId);
        await roll.NothingIsLostAsync();
    }

    private sealed class Roll : IAsyncDisposable
    {
        private readonly LoadBalancer _balancer;
        private readonly ClientLoad _load;

        private Roll(ChaosCluster cluster, LoadBalancer balancer)
        {
            Cluster = cluster;
            _balancer = balancer;
            _load = new ClientLoad(Tenants, Rate, seed: 1, balancer, new CampaignClock());
        }

        public ChaosCluster Cluster { get; }

        public static async Task<Roll> StartAsync(string program)
        {
            var cluster = await ChaosCluster.CreateAsync(new ClusterOptions { Tenants = Tenants, Program = program, Clocks = false });
            var balancer = new LoadBalancer(cluster.Hosts.Select(host => host.Address));
            try
            {
                await cluster.MigrateAsync(program);
                await cluster.StartAsync(balancer, CancellationToken.None);
            }
            catch
            {
                await balancer.DisposeAsync();
                await cluster.DisposeAsync();
                throw;
            }

            return new Roll(cluster, balancer);
        }

        public async Task ChangeAllAsync(string program, string clusterId, Func<int, Task>? changed = null)
        {
            foreach (var host in Cluster.Hosts)
            {
                await EveryTenantIsServedAsync();
                await host.StopAsync();
                await Eventually.TrueAsync("the load balancer has noticed", () => !_balancer.Backends[host.Number].IsUp);
                host.Become(await Cluster.PlanAsync(host.Number, program, clusterId));
                await host.StartAsync();
                await _balancer.UpAsync(Cluster.Hosts.Count, CancellationToken.None);
                await (changed?.Invoke(host.Number) ?? Task.CompletedTask);
            }

            await EveryTenantIsServedAsync();
            Assert.All(Cluster.Hosts, host => Assert.Equal(0, host.OwnEnds));
        }

        /// <summary>Whether a tenant's budgets can begin anew; an upgrade is the one reason why not.</summary>
        public async Task<bool> ResetsBudgetAsync(int host)
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Cluster.Hosts[host].Address, $"/admin/v1/tenants/{TenantKeys.Id(0)}/budget/reset"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Cluster.AdminKey);
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode || text.Contains("upgrade_in_progress", StringComparison.Ordinal), text);
            return response.IsSuccessStatusCode;
        }

        public async Task NothingIsLostAsync()
        {
            await _load.PauseAsync(AnswerLimit);
            Assert.Empty(_load.Record.Unexpected);
            Assert.All(_load.Record.Operations, operation => Assert.InRange(operation.Duration, TimeSpan.Zero, AnswerLimit));
            var reader = new TenantReader(_balancer.Backends);
            foreach (var ledger in _load.Ledgers)
            {
                var promised = ledger.Take(all: true);
                Assert.Equal(0, promised.Open);
                Assert.Empty(Oracle.Compare(promised, await reader.ReadAsync(promised, CancellationToken.None)).Select(finding => finding.What));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _load.DisposeAsync();
            await _balancer.DisposeAsync();
            await Cluster.DisposeAsync();
        }

        private Task EveryTenantIsServedAsync()
        {
            var before = _load.Ledgers.Select(ledger => ledger.Feedback).ToList();
            return Eventually.TrueAsync("every tenant is served", () => _load.Ledgers.Zip(before).All(tenant => tenant.First.Feedback >= tenant.Second + MoreFeedback));
        }
    }
}
