using MetaLlm.Chaos.Cluster;
using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Faults;

/// <summary>Makes one fault after another, and waits until what was hit is well again.</summary>
internal sealed class FaultMaker(ChaosCluster cluster, LoadBalancer balancer, OwnerWatch owners, MembershipWatch membership, CampaignClock clock, int tenants)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>How long a host must be ready without a break whose process was hit and lives on.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(3);

    /// <summary>How long others must be: longer than it takes until a host that is killed gets no requests any more.</summary>
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(1.5);

    /// <summary>Kinds that can be made here, and why the others cannot.</summary>
    public static (IReadOnlyList<FaultKind> Possible, IReadOnlyDictionary<FaultKind, string> Impossible) Kinds(ChaosCluster cluster)
    {
        var impossible = new Dictionary<FaultKind, string>();
        foreach (var kind in FaultKinds.All)
        {
            var why = kind.CutsNetwork() ? cluster.Network.WhyNoCuts
                : kind == FaultKind.DiskFull ? cluster.Database.WhyNoDisk
                : kind == FaultKind.Clock ? WallClock.Unavailable
                : null;
            if (why is not null)
            {
                impossible[kind] = why;
            }
        }

        return ([.. FaultKinds.All.Where(kind => !impossible.ContainsKey(kind))], impossible);
    }

    /// <summary>Makes a fault and waits until all that it hit is ready again.</summary>
    /// <param name="order">The fault.</param>
    /// <param name="target">The host to hit; null for the database.</param>
    public async Task<FaultRecord> MakeAsync(FaultOrder order, int? target)
    {
        var host = target is { } number ? cluster.Hosts[number] : null;
        var victims = host is null ? [.. Enumerable.Range(0, tenants)] : owners.Of(host.Number);
        var start = clock.Now;
        await BeginAsync(order.Kind, host);
        await Task.Delay(order.Length);
        await LiftAsync(order.Kind, host);
        var lifted = clock.Now;
        var stuck = !await RecoverAsync(order.Kind, host);
        return new FaultRecord
        {
            Number = order.Number,
            Kind = order.Kind,
            Host = host?.Number,
            Victims = victims,
            Start = start,
            Lifted = lifted,
            Recovered = clock.Now,
            Detected = host is not null && order.Kind.Silences() ? membership.DeathAfter(host, start) : null,
            Stuck = stuck,
        };
    }

    /// <summary>Whether a fault on a host has been found out, so that the others can bear another one.</summary>
    public bool IsFoundOut(int host, TimeSpan start) => membership.DeathAfter(cluster.Hosts[host], start) is not null;

    /// <summary>Restarts every host that gets no requests.</summary>
    public async Task RestartIdleAsync()
    {
        foreach (var host in cluster.Hosts.Where(host => !balancer.Backends[host.Number].IsUp))
        {
            await host.KillAsync();
            await host.StartAsync();
        }
    }

    private async Task BeginAsync(FaultKind kind, ChaosHost? host)
    {
        switch (kind)
        {
            case FaultKind.Kill:
                await host!.KillAsync();
                break;
            case FaultKind.Freeze:
                await host!.FreezeAsync();
                break;
            case FaultKind.CutDatabase or FaultKind.CutPeers or FaultKind.CutBoth:
                await ForEachFarEndAsync(kind, host!, cluster.Network.CutAsync);
                break;
            case FaultKind.DatabaseRestart or FaultKind.DatabaseCrash:
                await cluster.Database.StopAsync(crash: kind == FaultKind.DatabaseCrash);
                break;
            case FaultKind.DiskFull:
                await cluster.Database.FillDiskAsync();
                break;
            case FaultKind.Clock:
                cluster.Clocks[host!.Number].Shift(Day);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such fault.");
        }
    }

    private async Task LiftAsync(FaultKind kind, ChaosHost? host)
    {
        switch (kind)
        {
            case FaultKind.Kill:
                await host!.StartAsync();
                break;
            case FaultKind.Freeze:
                await host!.ThawAsync();
                break;
            case FaultKind.CutDatabase or FaultKind.CutPeers or FaultKind.CutBoth:
                await ForEachFarEndAsync(kind, host!, cluster.Network.HealAsync);
                break;
            case FaultKind.DatabaseRestart or FaultKind.DatabaseCrash:
                await cluster.Database.StartAgainAsync();
                break;
            case FaultKind.DiskFull:
                await cluster.Database.FreeDiskAsync();
                break;
            case FaultKind.Clock:
                cluster.Clocks[host!.Number].Shift(TimeSpan.Zero);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such fault.");
        }
    }

    private async Task ForEachFarEndAsync(FaultKind kind, ChaosHost host, Func<Machine, Machine, Task> act)
    {
        var peers = cluster.Hosts.Where(other => other != host).Select(other => other.Machine);
        IEnumerable<Machine> ends = kind switch
        {
            FaultKind.CutDatabase => [cluster.Database.Machine],
            FaultKind.CutPeers => peers,
            _ => peers.Append(cluster.Database.Machine),
        };
        foreach (var end in ends)
        {
            await act(host.Machine, end);
        }
    }

    /// <returns>False when a host had to be killed for it.</returns>
    private async Task<bool> RecoverAsync(FaultKind kind, ChaosHost? host)
    {
        if (await ReadyAsync(kind, host))
        {
            return true;
        }

        if (host is null)
        {
            await RestartIdleAsync();
        }
        else
        {
            await host.KillAsync();
            await host.StartAsync();
        }

        await ReadyAsync(kind, host);
        return false;
    }

    private async Task<bool> ReadyAsync(FaultKind kind, ChaosHost? host)
    {
        var steady = kind.Outlives() ? Steady : Noticed;
        var limit = clock.Now + RecoveryLimit;
        var since = clock.Now;
        while (clock.Now < limit)
        {
            // The database's faults hit all hosts; one that another fault keeps down meanwhile is that fault's to wait for.
            if (!(host is null ? balancer.Up > 0 : balancer.Backends[host.Number].IsUp))
            {
                since = clock.Now;
            }
            else if (clock.Now - since >= steady)
            {
                return true;
            }

            await Task.Delay(Period);
        }

        return false;
    }
}
