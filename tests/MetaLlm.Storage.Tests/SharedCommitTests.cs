using System.Diagnostics.Metrics;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaLlm.Storage.Tests;

public sealed class SharedCommitTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_settlement_that_nobody_waits_for_is_committed_with_the_next_decision()
    {
        await using var store = new SqliteStoreFixture();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        using var commits = new CommitRecorder();
        await using var database = SqliteDatabase.Open(
            new SqliteOptions { Path = store.File, CommitDelay = TimeSpan.FromHours(1) }, TimeProvider.System, commits.Metrics, NullLogger<SqliteDatabase>.Instance);
        ITenantJournal journal = new SqliteTenantJournal(database);

        var settled = journal.AppendSettlementsAsync("acme", [Settlement("d-1"), Settlement("d-1"), Settlement("d-9")], Noon, default).AsTask();
        await journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 0), default).AsTask().WaitAsync(Longest);

        var events = await settled.WaitAsync(Longest);
        Assert.Equal([1L, null, null], events.Select(one => one?.Sequence));
        Assert.Equal(0.25, Assert.IsType<SettledEvent>(Assert.Single(await journal.ReadEventsAsync("acme", 0, 9, default))).CostUsd);

        // The writer counts a commit after it has told the callers.
        await database.DisposeAsync();
        Assert.Equal([2], commits.Sizes);
    }

    [Fact]
    public async Task What_waits_for_a_commit_to_share_is_committed_when_the_file_is_closed()
    {
        await using var store = new SqliteStoreFixture();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        using var commits = new CommitRecorder();
        var database = SqliteDatabase.Open(
            new SqliteOptions { Path = store.File, CommitDelay = TimeSpan.FromHours(1) }, TimeProvider.System, commits.Metrics, NullLogger<SqliteDatabase>.Instance);
        var settled = new SqliteTenantJournal(database).AppendSettlementsAsync("acme", [Settlement("d-1")], Noon, default).AsTask();

        await database.DisposeAsync();
        Assert.NotNull(Assert.Single(await settled.WaitAsync(Longest)));
        Assert.NotNull((await store.Journal.FindDecisionAsync("acme", "d-1", default))!.Settlement);
    }

    [Fact]
    public async Task Alone_it_is_committed_after_the_delay()
    {
        await using var store = new SqliteStoreFixture();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        var settled = await store.Journal.AppendSettlementsAsync("acme", [Settlement("d-1")], Noon, default).AsTask().WaitAsync(Longest);
        Assert.Equal(1, Assert.Single(settled)!.Sequence);
    }

    private static Settlement Settlement(string decisionId) =>
        new() { DecisionId = decisionId, Outcome = CallOutcome.Completed, Usage = new TokenUsage(10, 0, 5), CostUsd = 0.25 };

    private sealed class CommitRecorder : IDisposable
    {
        private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private readonly MeterListener _listener = new();

        public CommitRecorder()
        {
            var factory = _services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "metallm.engine.append.batch_size" && instrument.Meter.Scope == factory)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<int>((_, size, _, _) => Sizes.Add(size));
            _listener.Start();
            Metrics = new EngineMetrics(factory);
        }

        public EngineMetrics Metrics { get; }

        public List<int> Sizes { get; } = [];

        public void Dispose()
        {
            _listener.Dispose();
            _services.Dispose();
        }
    }
}
