using System.Diagnostics.Metrics;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Tests.Support;
using MetaLlm.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Gateway.Tests;

/// <summary>What becomes of settlements while the journal is away for long.</summary>
public sealed class SettlementOutageTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RecordingEngine _engine = new("a") { SettlementFailure = new IOException("The disk is away.") };
    private readonly FakeTimeProvider _time = new();
    private readonly TemporaryDirectory _directory = new();
    private readonly LogCollector _log = new();

    private string Spill => Path.Combine(_directory.Path, "settlements");

    public void Dispose()
    {
        _log.Dispose();
        _services.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_settlement_is_repeated_until_the_journal_is_back_and_who_asks_does_not_wait_that_long()
    {
        using var settlements = Create();
        Start(settlements, "d-1");
        var asked = settlements.WaitAsync("t", "d-1", default);
        await RepeatAsync(attempts: 4);
        await asked.WaitAsync(Longest);
        await RepeatAsync(attempts: 40);
        Assert.Equal(1, settlements.Count);

        _engine.SettlementFailure = null;
        await RepeatAsync(attempts: 41);
        await Eventually.TrueAsync("it is recorded", () => settlements.Count == 0, Longest);
        Assert.Equal("d-1", Assert.Single(_engine.Settlements).DecisionId);

        Assert.All(_log.Entries, line => Assert.Null(line.Exception));
    }

    [Fact]
    public async Task A_thousand_settlements_that_fail_alike_are_one_line_in_the_log()
    {
        using var settlements = Create();
        for (var i = 0; i < 1000; i++)
        {
            Start(settlements, $"d-{i}");
        }

        Assert.Equal(1000, settlements.Count);
        Assert.Single(_log.Entries);
        await settlements.StopAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task What_is_not_recorded_at_a_stop_is_recorded_at_the_next_start()
    {
        using (var first = Create())
        {
            Start(first, "d-1", new FailedAttempt("b", FailureKind.Timeout, new TokenUsage(3, 0, 4), null, 1.5));
            Start(first, "d-2");
            await first.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Longest);
        }

        Assert.Empty(_engine.Settlements);
        var file = Assert.Single(Directory.GetFiles(Spill));
        await File.AppendAllTextAsync(file, "{\"Tenant\":\"t\",\"Arm\":\"a\",\"Settle");

        _engine.SettlementFailure = null;
        using var next = Create();
        await next.StartAsync(default);
        await Eventually.TrueAsync("both are recorded", () => Directory.GetFiles(Spill).Length == 0, Longest);
        Assert.Equal(["d-1", "d-2"], _engine.Settlements.Select(s => s.DecisionId).Order());
        var settlement = _engine.Settlements.Single(s => s.DecisionId == "d-1");
        Assert.Equal((CallOutcome.Completed, new TokenUsage(1, 0, 1)), (settlement.Outcome, settlement.Usage));
        Assert.Equal(new FailedAttempt("b", FailureKind.Timeout, new TokenUsage(3, 0, 4), null, 1.5), Assert.Single(settlement.FailedAttempts));
        Assert.Contains(_log.Entries, line => line.Message.Contains("1 lines are no settlements", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_stays_until_all_of_it_is_recorded()
    {
        using (var first = Create())
        {
            Start(first, "d-1");
            await first.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Longest);
        }

        using (var second = Create())
        {
            await second.StartAsync(default);
            await Eventually.TrueAsync("it is tried", () => _engine.SettlementAttempts >= 2, Longest);
            await second.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Longest);
        }

        Assert.Single(Directory.GetFiles(Spill));
    }

    [Fact]
    public async Task What_finds_no_room_in_memory_waits_on_disk_and_is_recorded_once_there_is_room()
    {
        using var settlements = Create(most: 4);
        for (var i = 0; i < 10; i++)
        {
            Start(settlements, $"d-{i}");
        }

        await Eventually.TrueAsync("six are on disk", () => settlements.Count == 4, Longest);
        Assert.Single(Directory.GetFiles(Spill));
        _engine.SettlementFailure = null;
        await Eventually.TrueAsync(
            "all are recorded",
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _engine.Settlements.Select(s => s.DecisionId).Distinct().Count() == 10;
            },
            Longest);
        await Eventually.TrueAsync("nothing is left", () => Directory.GetFiles(Spill).Length == 0, Longest);
    }

    [Fact]
    public async Task Without_a_directory_what_is_not_recorded_at_a_stop_is_said_to_be_lost()
    {
        using var settlements = Create(directory: false);
        Start(settlements, "d-1");
        await settlements.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Longest);
        Assert.Contains(_log.Entries, line => line.Message.Contains("d-1 of tenant t (Completed) could not be recorded; it will expire", StringComparison.Ordinal));
    }

    private PendingSettlements Create(int most = 10_000, bool directory = true) => new(
        _engine,
        new RoutingMetrics(_services.GetRequiredService<IMeterFactory>()),
        new RoutingOptions { SettlementDirectory = directory ? Spill : null, MostPendingSettlements = most },
        _time,
        _log.For<PendingSettlements>());

    private Task RepeatAsync(int attempts) => Eventually.TrueAsync(
        $"there were {attempts} attempts",
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(45));
            return _engine.SettlementAttempts >= attempts;
        },
        Longest);

    private static void Start(PendingSettlements settlements, string decisionId, params FailedAttempt[] failed) => settlements.Start(
        "t",
        "a",
        new Settlement { DecisionId = decisionId, Outcome = CallOutcome.Completed, Usage = new TokenUsage(1, 0, 1), FailedAttempts = failed },
        TimeSpan.FromSeconds(1));
}
