using MetaLlm.Chaos.Cluster;
using MetaLlm.Chaos.Faults;
using MetaLlm.Chaos.Judging;
using MetaLlm.Chaos.Load;
using MetaLlm.Chaos.Reporting;
using Npgsql;

namespace MetaLlm.Chaos;

/// <summary>A cluster under load on which one fault after another is made, while a ledger keeps what clients were told.</summary>
internal sealed class Campaign : IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan MemoryPeriod = TimeSpan.FromMinutes(1);

    private readonly CampaignOptions _options;
    private readonly TextWriter _progress;
    private readonly CampaignClock _clock = new();
    private readonly List<Finding> _findings = [];
    private readonly List<MemorySample> _memory = [];
    private readonly ChaosCluster _cluster;
    private readonly LoadBalancer _balancer;
    private readonly ClientLoad _load;

    private Campaign(CampaignOptions options, TextWriter progress, ChaosCluster cluster, LoadBalancer balancer)
    {
        _options = options;
        _progress = progress;
        _cluster = cluster;
        _balancer = balancer;
        _load = new ClientLoad(options.Cluster.Tenants, options.Rate, options.Seed, balancer, _clock);
    }

    /// <summary>Runs a campaign on a cluster of its own.</summary>
    /// <param name="options">Which.</param>
    /// <param name="progress">Where to tell how it goes.</param>
    /// <param name="cancellationToken">Gives up; what was started is cleared away.</param>
    public static async Task<ChaosReport> RunAsync(CampaignOptions options, TextWriter progress, CancellationToken cancellationToken)
    {
        await using var cluster = await ChaosCluster.CreateAsync(options.Cluster);
        await progress.WriteLineAsync($"logs are in {cluster.Directory}");
        await cluster.MigrateAsync(options.Cluster.Program);
        await using var balancer = new LoadBalancer(cluster.Hosts.Select(host => host.Address));
        await cluster.StartAsync(balancer, cancellationToken);
        await using var campaign = new Campaign(options, progress, cluster, balancer);
        return ReportBuilder.Build(await campaign.RunAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _load.DisposeAsync();

    private Task AllUpAsync(CancellationToken cancellationToken) => _balancer.UpAsync(_cluster.Hosts.Count, cancellationToken);

    private async Task<CampaignResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var owners = new OwnerWatch(_balancer.Backends, _cluster.MetricsKey);
        await using var membership = new MembershipWatch(_cluster.Database.ConnectionString, _clock);
        await Task.Delay(_options.WarmUp, cancellationToken);
        var calmFrom = _clock.Now;
        await Task.Delay(_options.Calm, cancellationToken);
        var calm = Latency.CalmP99(_load.Record.Operations, calmFrom, _clock.Now);
        await _progress.WriteLineAsync($"calm p99: {calm.TotalMilliseconds:0} ms");

        var (possible, impossible) = FaultMaker.Kinds(_cluster);
        var orders = FaultPlan.Draw(_options.Seed, _options.Faults, [.. possible.Intersect(_options.Kinds)]);
        var schedule = new FaultSchedule(
            new FaultMaker(_cluster, _balancer, owners, membership, _clock, _options.Cluster.Tenants), _balancer, _clock);
        var began = _clock.Now;
        var elapsed = TimeSpan.Zero;
        try
        {
            await MakeAsync(schedule, orders, cancellationToken);
            elapsed = _clock.Now - began;
            await RebuildAsync(cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            // What was seen until then is worth a report.
            _findings.Add(new Finding(FindingKind.Stuck, $"The campaign broke off: {e.Message}"));
        }

        if (schedule.Restarts > 0)
        {
            _findings.Add(new Finding(FindingKind.Stuck, $"Hosts that nothing had hit were not ready, and were restarted {schedule.Restarts} times."));
        }

        return new CampaignResult
        {
            Seed = _options.Seed,
            Elapsed = elapsed > TimeSpan.Zero ? elapsed : _clock.Now - began,
            LeftOut = impossible,
            Load = _load.Record,
            Ledgers = _load.Ledgers,
            Faults = [.. schedule.Made.OrderBy(fault => fault.Number)],
            Findings = _findings,
            Calm = calm,
            OwnEnds = _cluster.Hosts.Sum(host => host.OwnEnds),
            Memory = _memory,
        };
    }

    private async Task MakeAsync(FaultSchedule schedule, IReadOnlyList<FaultOrder> orders, CancellationToken cancellationToken)
    {
        foreach (var batch in orders.Chunk(_options.CheckEvery))
        {
            foreach (var order in batch)
            {
                await schedule.BeginAsync(order, cancellationToken);
                NoteMemory();
            }

            await schedule.EndAsync();
            await CheckAsync(all: batch[^1].Number == orders.Count, cancellationToken);
            await _progress.WriteLineAsync($"{_clock.Now.TotalSeconds:0} s: {batch[^1].Number} faults, {_load.Ledgers.Sum(ledger => ledger.Decisions)} decisions, {_findings.Count} findings");
        }
    }

    /// <summary>Looks after every promise while nothing is under way.</summary>
    private async Task CheckAsync(bool all, CancellationToken cancellationToken)
    {
        try
        {
            await AllUpAsync(cancellationToken);
            await _load.PauseAsync(AnswerLimit);
            var reader = new TenantReader(_balancer.Backends);
            foreach (var ledger in _load.Ledgers)
            {
                var promised = ledger.Take(all);
                _findings.AddRange(Oracle.Compare(promised, await reader.ReadAsync(promised, cancellationToken)));
            }
        }
        catch (TimeoutException e)
        {
            _findings.Add(new Finding(FindingKind.Stuck, e.Message));
        }
        finally
        {
            _load.Resume();
        }
    }

    /// <summary>Whether hosts that have nothing but the journal come to the same state.</summary>
    private async Task RebuildAsync(CancellationToken cancellationToken)
    {
        await _load.PauseAsync(AnswerLimit);
        var before = await HashesAsync(cancellationToken);
        foreach (var host in _cluster.Hosts)
        {
            await host.KillAsync();
        }

        await using (var source = NpgsqlDataSource.Create(_cluster.Database.ConnectionString))
        {
            await using var forget = source.CreateCommand("DELETE FROM orleans_grain_state; DELETE FROM orleans_silos");
            await forget.ExecuteNonQueryAsync(cancellationToken);
        }

        await _cluster.StartAsync(_balancer, cancellationToken);
        var after = await HashesAsync(cancellationToken);
        _findings.AddRange(before.Where(tenant => after[tenant.Key] != tenant.Value).Select(tenant => new Finding(
            FindingKind.Disagreement, $"{TenantKeys.Id(tenant.Key)}: its state has hash {tenant.Value}; rebuilt from the journal it is {after[tenant.Key]}.")));
    }

    private async Task<Dictionary<int, string?>> HashesAsync(CancellationToken cancellationToken)
    {
        var reader = new TenantReader(_balancer.Backends);
        var hashes = new Dictionary<int, string?>();
        foreach (var ledger in _load.Ledgers)
        {
            var promised = ledger.Take(all: false) with { Decisions = [] };
            hashes[ledger.Tenant] = (await reader.ReadAsync(promised, cancellationToken)).Hashes.Values.First();
        }

        return hashes;
    }

    private void NoteMemory()
    {
        var now = _clock.Now.TotalSeconds;
        if (_memory.Count == 0 || now - _memory[^1].Seconds >= MemoryPeriod.TotalSeconds)
        {
            _memory.Add(new MemorySample(Math.Round(now), [.. _cluster.Hosts.Select(host => Math.Round(host.MemoryKibibytes / 1024.0))]));
        }
    }
}
