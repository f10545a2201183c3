using Dapper;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MetaLlm.Storage.Tests.Postgres;

/// <summary>How many connections a process makes, and what it does with its clock.</summary>
public sealed class PostgresBudgetTests
{
    [Fact]
    public void Five_processes_fit_into_a_server_with_its_default_of_a_hundred_connections() =>
        Assert.InRange(5 * new PostgresOptions().MaxConnections, 1, 100);

    [PostgresFact]
    public async Task A_burst_of_everything_waits_within_the_budget_and_fails_nowhere()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        var options = new PostgresOptions { Writers = 2, ReadPoolSize = 3, SnapshotPoolSize = 2 };
        var role = await LimitedRoleAsync(store.ConnectionString, options.MaxConnections);
        options.ConnectionString = new NpgsqlConnectionStringBuilder(store.ConnectionString) { Username = role }.ConnectionString;
        var database = new PostgresDatabase(options, TimeProvider.System, TestTenants.Metrics(), NullLogger<PostgresDatabase>.Instance);
        await using (database.ConfigureAwait(true))
        {
            ITenantJournal journal = new PostgresTenantJournal(database);
            await Task.WhenAll(Enumerable.Range(0, 150).SelectMany(i => (Task[])
            [
                journal.AppendDecisionAsync(TestTenants.Decision($"t{i}", 1, 0), default).AsTask(),
                journal.ReadDecisionsAsync($"t{i}", 0, 10, default).AsTask(),
                QueryAsync(PostgresSessions.ForSnapshots(options)),
                QueryAsync(PostgresSessions.ForMembership(options)),
            ]));
            Assert.InRange(await CountAsync(store.ConnectionString, role), 4, options.MaxConnections);
        }

        foreach (var pooled in (string[])[PostgresSessions.ForSnapshots(options), PostgresSessions.ForMembership(options)])
        {
            await using var connection = new NpgsqlConnection(pooled);
            NpgsqlConnection.ClearPool(connection);
        }

        await DropRoleAsync(store.ConnectionString, role);
    }

    [PostgresFact]
    public async Task While_one_of_many_tenants_is_locked_the_others_answer_at_once_and_it_alone_is_told_to_come_again()
    {
        await using var store = await PostgresStoreFixture.CreateAsync(writers: 4);
        string[] tenants = [.. Enumerable.Range(0, 32).Select(i => $"t{i}")];
        await Task.WhenAll(tenants.Select(tenant => store.Journal.AppendDecisionAsync(TestTenants.Decision(tenant, 1, 0), default).AsTask()));
        await using var other = await HeadLock.TakeAsync(store.ConnectionString, "t0");
        var locked = store.Journal.AppendDecisionAsync(TestTenants.Decision("t0", 2, 0), default).AsTask();
        await other.WaitForWaiterAsync();

        // Round after round of the others ends before the one that waits has used up its two seconds.
        for (var ordinal = 2; ordinal <= 6; ordinal++)
        {
            await Task.WhenAll(tenants.Skip(1).Select(tenant => store.Journal.AppendDecisionAsync(TestTenants.Decision(tenant, ordinal, 0), default).AsTask()));
        }

        Assert.False(locked.IsCompleted);
        Assert.Contains("'t0'", (await Assert.ThrowsAsync<EngineUnavailableException>(() => locked)).Message, StringComparison.Ordinal);
        await other.ReleaseAsync();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("t0", 2, 0), default);
    }

    [PostgresFact]
    public async Task What_is_written_by_a_clock_far_ahead_of_the_servers_is_refused_and_the_probe_says_so()
    {
        await using var store = await PostgresStoreFixture.CreateAsync(configure: options => options.ClockTolerance = TimeSpan.FromMinutes(1));
        var now = DateTimeOffset.UtcNow;
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0, now.AddSeconds(10)), default);
        var error = await Assert.ThrowsAsync<EngineUnavailableException>(
            async () => await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 0, now.AddDays(3650)), default));
        Assert.Contains("clock is 315", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EngineUnavailableException>(
            async () => await store.Journal.AppendConfigurationAsync("new", TestTenants.Configuration(), now.AddHours(1), default));
        Assert.Single(await store.Journal.ReadDecisionsAsync("acme", 0, 10, default));
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 0, now), default);

        await store.Journal.ProbeAsync(default);
        var clock = new ManualTimeProvider();
        clock.SetWallClock(now.AddHours(1) - clock.GetUtcNow());
        await using var ahead = new PostgresDatabase(
            new PostgresOptions { ConnectionString = store.ConnectionString }, clock, TestTenants.Metrics(), NullLogger<PostgresDatabase>.Instance);
        await Assert.ThrowsAsync<EngineUnavailableException>(async () => await new PostgresTenantJournal(ahead).ProbeAsync(default));
    }

    private static async Task QueryAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM orleans_grain_state");
    }

    private static async Task<string> LimitedRoleAsync(string connectionString, int connections)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        var role = $"limited_{Guid.NewGuid():N}";
        await connection.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN CONNECTION LIMIT {connections}; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}");
        return role;
    }

    private static async Task DropRoleAsync(string connectionString, string role)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
    }

    private static async Task<long> CountAsync(string connectionString, string role)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE usename = @role", new { role });
    }
}
