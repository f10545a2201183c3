using System.CommandLine;
using System.Text.Json.Nodes;
using Dapper;
using MetaLlm.Engine.Journal;
using MetaLlm.Host.Admin;
using Microsoft.Data.Sqlite;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>A whole host lets old decisions go by itself, and on demand.</summary>
public sealed class RetentionTests : IDisposable
{
    // The verbs take keys from the environment of the process, which all tests share.
    private const string Variable = "METALLM_TEST_RETENTION_KEY";

    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-").FullName;
    private readonly TemporaryDirectory _archive = new();

    public RetentionTests() => Environment.SetEnvironmentVariable(Variable, TestConfiguration.AdminKey);

    public void Dispose() => _archive.Dispose();

    [Fact]
    public async Task Old_decisions_are_archived_and_dropped_by_the_host_itself_and_what_was_learned_stays()
    {
        var (learned, decision) = await FillAsync();
        await using var gateway = await RunningGateway.StartAsync(Configuration(days: 1, periodSeconds: 1), directory: _directory);

        await Eventually.TrueAsync("old decisions have gone", () => Scalar("SELECT count(*) FROM decisions") == 0);

        Assert.Equal(0, Scalar("SELECT count(*) FROM feedback"));
        Assert.Equal(6, (await new JournalArchive(_archive.Path).ReadAsync("alpha", default)).Count);
        Assert.Equal("decision_not_found", (await gateway.Alpha.GetAsync($"/v1/decisions/{decision}")).Code);
        Assert.Equal(learned, (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("state_hash").GetString());
        (await gateway.Alpha.ChatAsync("Hello again?")).Ok();
    }

    [Fact]
    public async Task An_operator_sees_what_would_go_lets_it_go_and_lists_the_archive()
    {
        await FillAsync();
        await using var gateway = await RunningGateway.StartAsync(Configuration(days: 1, periodSeconds: 604_800, auditDays: 3), directory: _directory);
        var admin = gateway.With(TestConfiguration.AdminKey);
        await SignUp.CreateAsync(admin, "acme");
        await SignUp.CreateAsync(admin, "other");
        Execute("UPDATE directory_audit SET at = at - 36000000000 * 24 * 4 WHERE tenant = 'acme'");

        var plan = await RetentionAsync(gateway, "show");
        Assert.Equal((1, 3, true), (plan.GetProperty("days").GetInt32(), plan.GetProperty("audit_days").GetInt32(), plan.GetProperty("archives").GetBoolean()));
        var old = Assert.Single(plan.GetProperty("data").EnumerateArray());
        Assert.Equal(("alpha", 6), (old.GetProperty("tenant").GetString(), old.GetProperty("decisions").GetInt32()));
        Assert.Empty((await RetentionAsync(gateway, "archive")).GetProperty("data").EnumerateArray());

        var ran = await RetentionAsync(gateway, "run");
        Assert.Equal((6, 1), (ran.GetProperty("decisions").GetInt32(), ran.GetProperty("audit_records").GetInt32()));
        Assert.Equal(["other"], (await admin.GetAsync("/admin/v1/audit")).Ok().Json.GetProperty("data").EnumerateArray().Select(change => change.GetProperty("tenant").GetString()));
        Assert.Empty((await RetentionAsync(gateway, "show")).GetProperty("data").EnumerateArray());
        var file = Assert.Single((await RetentionAsync(gateway, "archive", "--tenant", "alpha")).GetProperty("data").EnumerateArray());
        Assert.Equal(("alpha", "000000000001-000000000006.jsonl.gz"), (file.GetProperty("tenant").GetString(), file.GetProperty("file").GetString()));
        Assert.True(File.Exists(Path.Combine(_archive.Path, "tenant=alpha", $"day={file.GetProperty("day").GetString()}", file.GetProperty("file").GetString()!)));
        Assert.Empty((await RetentionAsync(gateway, "archive", "--tenant", "beta")).GetProperty("data").EnumerateArray());

        var reader = (await admin.SendAsync("POST", "/admin/v1/keys", new { role = "operate" })).Ok().Json.GetProperty("key").GetString()!;
        Assert.Equal("insufficient_role", (await gateway.With(reader).SendAsync("POST", "/admin/v1/retention/run")).Code);
    }

    /// <summary>Six decisions with feedback, which are five days old once the host has stopped.</summary>
    /// <returns>The state's hash, and a decision.</returns>
    private async Task<(string Hash, string Decision)> FillAsync()
    {
        var gateway = await RunningGateway.StartAsync(Configuration(days: null, periodSeconds: 3600), directory: _directory);
        var decision = "";
        for (var i = 0; i < 6; i++)
        {
            decision = (await gateway.Alpha.ChatAsync($"Question {i}?")).Ok().DecisionId;
            (await gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = decision, reward = 0.5 })).Ok();
        }

        var hash = "";
        await Eventually.TrueAsync("all feedback was learned from", async () =>
        {
            var policy = (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json;
            hash = policy.GetProperty("state_hash").GetString();
            return policy.GetProperty("rewards_applied").GetInt32() == 6;
        });
        await gateway.StopAsync();
        Execute("UPDATE decisions SET decided_at = decided_at - 36000000000 * 24 * 5");
        return (hash!, decision);
    }

    private JsonObject Configuration(int? days, int periodSeconds, int? auditDays = null)
    {
        var configuration = TestConfiguration.Create();
        var section = configuration["MetaLlm"]!.AsObject();
        section["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        section["retention"] = new JsonObject { ["archive"] = _archive.Path, ["periodSeconds"] = periodSeconds };
        if (days is not null)
        {
            section["retention"]!["days"] = days;
        }

        if (auditDays is not null)
        {
            section["retention"]!["auditDays"] = auditDays;
        }

        return configuration;
    }

    private static async Task<JsonElement> RetentionAsync(RunningGateway gateway, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] all = [.. arguments, "--url", gateway.Address.ToString(), "--key-env", Variable];
        var exitCode = await RetentionCommand.Create().Parse(all).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        Assert.True(exitCode == 0, error.ToString());
        return JsonDocument.Parse(output.ToString()).RootElement;
    }

    private long Scalar(string sql) => Open(connection => connection.ExecuteScalar<long>(sql));

    private void Execute(string sql) => Open(connection => connection.Execute(sql));

    private T Open<T>(Func<SqliteConnection, T> run)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, "metallm.db")};Pooling=False");
        connection.Open();
        return run(connection);
    }
}
