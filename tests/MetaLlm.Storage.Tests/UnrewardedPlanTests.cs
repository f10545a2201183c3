using System.Globalization;
using System.Text.Json;
using Dapper;
using MetaLlm.Engine.Journal;
using MetaLlm.Storage.Codecs;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace MetaLlm.Storage.Tests;

/// <summary>A look for rewards that did not come walks through what has none, not through the history.</summary>
public sealed class UnrewardedPlanTests
{
    private const int Rows = 300_000;
    private const int Unrewarded = 40;

    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    // All but every 7,500th decision have a reward; one is made each second.
    private static string Fill(string series) => string.Create(CultureInfo.InvariantCulture, $"""
        INSERT INTO decisions (
            tenant_key, ordinal, decision_id, applied_sequence, decided_at, feature_schema, context, propensity, pinned, chosen_arm, record,
            served_arm, reserved_usd, settled_sequence, settled_usd, reward)
        SELECT d.tenant_key, i, 'd-' || i, 0, {Noon.UtcTicks} + CAST(i AS bigint) * {TimeSpan.TicksPerSecond}, d.feature_schema, d.context, d.propensity, d.pinned, d.chosen_arm, d.record,
            d.served_arm, 0, 1, 0, CASE WHEN i % {Rows / Unrewarded} = 0 THEN NULL ELSE 0.5 END
        FROM {series}, decisions d WHERE d.ordinal = 1
        """);

    [Fact]
    public async Task In_sqlite()
    {
        await using var store = new SqliteStoreFixture();
        await FillAsync(store);
        var series = $"(WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {Rows}) SELECT i FROM n)";
        await using var connection = new SqliteConnection($"Data Source={store.File};Pooling=False");
        await connection.OpenAsync();
        await connection.ExecuteAsync(Fill(series));
        var plan = string.Join('\n', (await connection.QueryAsync<(int, int, int, string Detail)>("EXPLAIN QUERY PLAN " + StoredDecisionSql.Unrewarded, Arguments(100)))
            .Select(row => row.Detail));
        Assert.Contains("decisions_unrewarded", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);

        Assert.Equal(Unrewarded, (await store.Journal.FindUnrewardedAsync("acme", 0, DecisionPosition.Start, Noon.AddDays(30), 100, default)).Count);

        // A walk through the history would take some ten steps for each of its rows.
        Assert.InRange(Steps(connection), 1, 10_000);
    }

    [PostgresFact]
    public async Task In_postgresql()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        await FillAsync(store);
        await using var connection = new NpgsqlConnection(store.ConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync(
            Fill($"generate_series(2, {Rows}) AS s (i)") + "; ANALYZE decisions; ANALYZE tenants; ANALYZE events", commandTimeout: 120);
        var plan = (await connection.QueryAsync<string>("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + StoredDecisionSql.Unrewarded, Arguments(100))).Single();
        Assert.Contains("decisions_unrewarded", plan, StringComparison.Ordinal);
        using var parsed = JsonDocument.Parse(plan);
        var root = parsed.RootElement[0].GetProperty("Plan");
        var blocks = root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64();
        Assert.InRange(blocks, 1, 1000);
        Assert.Equal(Unrewarded, root.GetProperty("Actual Rows").GetDouble());
    }

    private static object Arguments(int limit) =>
        new { tenant = "acme", afterOrdinal = 0L, afterAt = 0L, afterOrdinalAt = 0L, before = Noon.AddDays(30).UtcTicks, limit };

    private static async Task FillAsync(IStoreFixture store)
    {
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0, Noon), default);
        await store.Journal.AppendSettlementAsync(
            "acme", new Settlement { DecisionId = "d-1", Outcome = Core.Tenancy.CallOutcome.Completed, Usage = default, CostUsd = 0 }, Noon, default);
        await store.Journal.AppendFeedbackAsync("acme", [new FeedbackSubmission { DecisionId = "d-1", Reward = 1 }], Noon, default);
    }

    private static int Steps(SqliteConnection connection)
    {
        raw.sqlite3_prepare_v2(connection.Handle, StoredDecisionSql.Unrewarded, out var statement);
        using (statement)
        {
            for (var parameter = 1; parameter <= raw.sqlite3_bind_parameter_count(statement); parameter++)
            {
                switch (raw.sqlite3_bind_parameter_name(statement, parameter).utf8_to_string())
                {
                    case "@tenant":
                        raw.sqlite3_bind_text(statement, parameter, "acme");
                        break;
                    case "@before":
                        raw.sqlite3_bind_int64(statement, parameter, Noon.AddDays(30).UtcTicks);
                        break;
                    case "@limit":
                        raw.sqlite3_bind_int64(statement, parameter, 100);
                        break;
                    default:
                        raw.sqlite3_bind_int64(statement, parameter, 0);
                        break;
                }
            }

            while (raw.sqlite3_step(statement) == raw.SQLITE_ROW)
            {
            }

            return raw.sqlite3_stmt_status(statement, raw.SQLITE_STMTSTATUS_VM_STEP, 0);
        }
    }
}
