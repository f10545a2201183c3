using Dapper;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Npgsql;

namespace MetaLlm.Storage.Tests.Postgres;

/// <summary>Another process holds a tenant and does not let go: it is frozen, or cut off.</summary>
public sealed class PostgresLockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [PostgresFact]
    public async Task A_tenant_that_stays_locked_keeps_no_other_from_writing()
    {
        await using var store = await PostgresStoreFixture.CreateAsync(writers: 1, configure: options => options.LockTimeout = TimeSpan.FromSeconds(1));
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("frozen", 1, 0), default);
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("known", 1, 0), default);
        await using var other = await HeadLock.TakeAsync(store.ConnectionString, "frozen");
        var first = store.Journal.AppendDecisionAsync(TestTenants.Decision("frozen", 2, 0), default).AsTask();
        await other.WaitForWaiterAsync();

        // These wait behind the first, and share the transactions after it.
        var second = store.Journal.AppendDecisionAsync(TestTenants.Decision("frozen", 3, 0), default).AsTask();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("known", 2, 0), default).AsTask().WaitAsync(Patience);
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("new", 1, 0), default).AsTask().WaitAsync(Patience);

        foreach (var write in (Task[])[first, second])
        {
            Assert.Contains("'frozen'", (await Assert.ThrowsAsync<EngineUnavailableException>(() => write.WaitAsync(Patience))).Message, StringComparison.Ordinal);
        }

        await store.Journal.AppendDecisionAsync(TestTenants.Decision("known", 3, 0), default);
        Assert.Single(await store.Journal.ReadDecisionsAsync("frozen", 0, 10, default));
        await other.ReleaseAsync();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("frozen", 2, 0), default);
    }

    [PostgresFact]
    public async Task Writes_that_were_held_back_go_through_in_their_order_once_the_tenant_is_free()
    {
        await using var store = await PostgresStoreFixture.CreateAsync(writers: 1, configure: options => options.LockTimeout = TimeSpan.FromMinutes(1));
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        await using var other = await HeadLock.TakeAsync(store.ConnectionString, "acme");
        var waiting = new List<Task>();
        for (var ordinal = 2; ordinal <= 6; ordinal++)
        {
            waiting.Add(store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", ordinal, 0), default).AsTask());

            // The queue is first in, first out: when this one is back, the ones before it have been tried.
            await store.Journal.AppendConfigurationAsync($"other-{ordinal}", TestTenants.Configuration(), Noon, default).AsTask().WaitAsync(Patience);
        }

        Assert.All(waiting, write => Assert.False(write.IsCompleted));
        await other.ReleaseAsync();

        await Task.WhenAll(waiting).WaitAsync(Patience);
        Assert.Equal(6, (await store.Journal.ReadDecisionsAsync("acme", 0, 10, default)).Count);
    }

    [PostgresFact]
    public async Task A_process_that_freezes_inside_a_transaction_loses_its_tenant_and_writes_again_when_it_wakes()
    {
        await using var store = await PostgresStoreFixture.CreateAsync(
            configure: options => (options.IdleInTransactionTimeout, options.LockTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)));
        await store.Journal.AppendConfigurationAsync("acme", TestTenants.Configuration(), Noon, default);
        var owner = new PostgresTenantJournal(store.OpenAgain());
        using var frozen = new ManualResetEventSlim();
        using var awake = new ManualResetEventSlim();
        var write = store.Database.WriterOf("acme").WriteAsync(
            new JournalScope("acme", []),
            transaction =>
            {
                frozen.Set();
                awake.Wait();
                Configure(transaction);
                return true;
            },
            default);
        await Task.Run(() => Assert.True(frozen.Wait(Patience)));

        // The server ends the frozen session; until then the new owner's write is held back.
        await owner.AppendConfigurationAsync("acme", TestTenants.Configuration(), Noon, default).AsTask().WaitAsync(Patience);
        awake.Set();

        // What the frozen one had begun is rolled back, so it is safe to run again.
        Assert.True(await write.WaitAsync(Patience));
        var recorded = await owner.AppendConfigurationAsync("acme", TestTenants.Configuration(), Noon, default);
        Assert.Equal(4, recorded.Sequence);
    }

    [PostgresFact]
    public async Task A_session_that_is_ended_in_the_middle_of_a_transaction_is_replaced()
    {
        await using var store = await PostgresStoreFixture.CreateAsync(writers: 1);
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        await using var administrator = new NpgsqlConnection(store.ConnectionString);
        await administrator.OpenAsync();
        var ended = false;
        var write = store.Database.WriterOf("acme").WriteAsync(
            new JournalScope("acme", []),
            transaction =>
            {
                ended = ended || administrator.ExecuteScalar<bool>(
                    "SELECT bool_and(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'");
                Configure(transaction);
                return true;
            },
            default);

        // Nobody but the server knows whether the commit came before the end.
        await Assert.ThrowsAsync<CommitOutcomeUnknownException>(() => write.WaitAsync(Patience));
        Assert.True(ended);
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 0), default);
        Assert.Equal(2, (await store.Journal.ReadDecisionsAsync("acme", 0, 10, default)).Count);
    }

    [PostgresFact]
    public async Task Every_session_of_ours_has_its_limits_and_what_the_connection_string_says_itself_holds()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        Assert.Equal(("2s", "0", "5", "10000"), await store.Database.ReadAsync(LimitsAsync, default));
        await using var database = new NpgsqlConnection(PostgresSessions.ForSnapshots(new PostgresOptions
        {
            ConnectionString = store.ConnectionString + ";Options=-c idle_in_transaction_session_timeout=7000",
            LostPeerTimeout = TimeSpan.FromSeconds(6),
        }));
        await database.OpenAsync();

        Assert.Equal(("7s", "0", "3", "6000"), await LimitsAsync(database));
        NpgsqlConnection.ClearPool(database);
    }

    private static async Task<(string, string, string, string)> LimitsAsync(NpgsqlConnection connection) => (
        (await connection.ExecuteScalarAsync<string>("SHOW idle_in_transaction_session_timeout"))!,
        (await connection.ExecuteScalarAsync<string>("SHOW lock_timeout"))!,
        (await connection.ExecuteScalarAsync<string>("SHOW tcp_keepalives_idle"))!,
        (await connection.ExecuteScalarAsync<string>("SHOW tcp_user_timeout"))!);

    private static void Configure(JournalTransaction transaction) => transaction.Append(
        "acme",
        sequence => new ConfiguredEvent { Sequence = sequence, At = Noon, Configuration = TestTenants.Configuration() },
        TenantConfigurationJson.Encode(TestTenants.Configuration()));
}
