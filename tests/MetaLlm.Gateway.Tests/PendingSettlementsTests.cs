using System.Diagnostics.Metrics;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Tests.Support;
using MetaLlm.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Gateway.Tests;

public sealed class PendingSettlementsTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RecordingEngine _engine = new("a");
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LogCollector _log = new();
    private readonly PendingSettlements _settlements;

    public PendingSettlementsTests()
    {
        _engine.SettlementGate = _gate.Task;
        _settlements = new PendingSettlements(
            _engine, new RoutingMetrics(_services.GetRequiredService<IMeterFactory>()), new RoutingOptions(), TimeProvider.System, _log.For<PendingSettlements>());
    }

    public void Dispose()
    {
        _settlements.Dispose();
        _log.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Whoever_asks_about_a_decision_waits_for_its_settlement_and_for_no_other()
    {
        Start("t", "d-1");
        Start("t", "d-2");
        var asked = _settlements.WaitAsync("t", "d-1", default);
        Assert.True(_settlements.WaitAsync("t", "d-3", default).IsCompletedSuccessfully);
        Assert.True(_settlements.WaitAsync("u", "d-1", default).IsCompletedSuccessfully);
        Assert.False(asked.IsCompleted);

        _gate.SetResult();
        await asked.WaitAsync(Longest);
        Assert.Contains(_engine.Settlements, settlement => settlement.DecisionId == "d-1");
    }

    [Fact]
    public async Task Whoever_asks_about_a_tenant_waits_for_all_of_its_settlements()
    {
        Start("t", "d-1");
        Start("t", "d-2");
        var asked = _settlements.WaitAsync("t", default);
        Assert.True(_settlements.WaitAsync("u", default).IsCompletedSuccessfully);
        Assert.False(asked.IsCompleted);

        _gate.SetResult();
        await asked.WaitAsync(Longest);
        Assert.Equal(2, _engine.Settlements.Count);
    }

    [Fact]
    public async Task A_stop_waits_until_everything_is_settled()
    {
        Start("t", "d-1");
        var stop = _settlements.StopAsync(default);
        Assert.False(stop.IsCompleted);

        _gate.SetResult();
        await stop.WaitAsync(Longest);
        Assert.Single(_engine.Settlements);
        Assert.Equal(0, _settlements.Count);
    }

    [Fact]
    public async Task A_settlement_that_fails_is_repeated()
    {
        _gate.SetResult();
        _engine.SettlementFailure = new IOException("The disk is busy.");
        Start("t", "d-1");
        Assert.Equal(1, _engine.SettlementAttempts);
        Assert.Equal(1, _settlements.Count);

        // An outage meets every call: its message is enough.
        var line = Assert.Single(_log.Entries);
        Assert.Contains("The disk is busy.", line.Message, StringComparison.Ordinal);
        Assert.Null(line.Exception);

        _engine.SettlementFailure = null;
        await _settlements.WaitAsync("t", "d-1", default).WaitAsync(Longest);
        Assert.Single(_engine.Settlements);
    }

    [Fact]
    public void A_settlement_that_can_never_be_recorded_is_not_repeated_and_nobody_waits_for_it()
    {
        _gate.SetResult();
        _engine.SettlementFailure = new ArgumentException("No such cost.");
        Start("t", "d-1");
        Assert.Equal((1, 0), (_engine.SettlementAttempts, _settlements.Count));
        Assert.True(_settlements.WaitAsync("t", "d-1", default).IsCompletedSuccessfully);
        Assert.Same(_engine.SettlementFailure, Assert.Single(_log.Entries).Exception);
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_settlement_alone()
    {
        using var patience = new CancellationTokenSource();
        Start("t", "d-1");
        var asked = _settlements.WaitAsync("t", "d-1", patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        _gate.SetResult();
        await _settlements.StopAsync(default).WaitAsync(Longest);
        Assert.Single(_engine.Settlements);
    }

    private void Start(string tenant, string decisionId) => Start(_settlements, tenant, decisionId);

    private static void Start(PendingSettlements settlements, string tenant, string decisionId) => settlements.Start(
        tenant,
        "a",
        new Settlement { DecisionId = decisionId, Outcome = CallOutcome.Completed, Usage = new TokenUsage(1, 0, 1) },
        TimeSpan.FromSeconds(1));
}
