using System.Text.Json;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Lab.Tests.Ope;

/// <summary>From a database that the product wrote to the report.</summary>
public sealed class OpeHandlerTests : IDisposable
{
    private static readonly Dictionary<string, double> Exploring = new() { ["epsilon"] = 0.4 };

    private readonly TemporaryDirectory _directory = new();

    private string Database => _directory.File("log.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Fixed_arms_uniform_and_a_better_policy_are_told_apart()
    {
        await ProductLog.WriteAsync(Database, new("random", 1200));

        var reports = await Evaluate("--policy", "linucb", "--arm", "words,digits", "--uniform");

        Assert.Equal(["linucb", "arm words", "arm digits", "uniform"], reports.Select(r => r.GetProperty("target").GetString()));
        // Each arm is right for half of the queries: 0.6 apart, 0.9 for one who looks at the query.
        Assert.All(reports[1..], r => Assert.All(Reward(r).EnumerateArray(), e => Assert.InRange(Value(e), 0.53, 0.67)));
        Assert.InRange(Value(Estimate(reports[0], "dr")), 0.8, 0.95);
        Assert.True(Ends(Estimate(reports[0], "dr"), "anytimeValid")[0] > 0.65);
        Assert.InRange(Ends(Estimate(reports[3], "ips"), "anytimeValid")[0], 0.4, 0.6);

        Assert.Equal(0.001, Value(reports[1].GetProperty("cost").EnumerateArray().Single(e => e.GetProperty("estimator").GetString() == "snips")), 9);
        Assert.Equal(1200, reports[3].GetProperty("weights").GetProperty("effectiveSampleSize").GetDouble(), 6);
    }

    [Theory]
    [InlineData("epsilon-greedy", "epsilon=0.4", null, null)]
    [InlineData("metallm", "epsilon=0.05", null, null)]
    [InlineData("metallm", "epsilon=0.05", 0, null)]
    [InlineData("metallm", "epsilon=0.05", 100, null)]
    [InlineData("linucb", "alpha=0.5", 0, null)]
    [InlineData("metallm", "epsilon=0.05", null, 0)]
    [InlineData("metallm", "epsilon=0.05", null, 100)]
    [InlineData("metallm", "epsilon=0.05", 50, 50)]
    [InlineData("linucb", "alpha=0.5", 0, 200)]
    public async Task The_logged_policy_itself_is_rebuilt_from_the_log_to_its_very_propensities(string policy, string option, int? warmStartAt, int? quizAt)
    {
        var parts = option.Split('=');
        var options = new Dictionary<string, double> { [parts[0]] = double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) };
        await ProductLog.WriteAsync(Database, new(policy, 300) { Options = options, UnrewardedEvery = 7, WarmStartAt = warmStartAt, QuizAt = quizAt });

        var report = (await Evaluate("--policy", policy, "--option", option))[0];

        Assert.Equal(300 - 43, report.GetProperty("weights").GetProperty("effectiveSampleSize").GetDouble(), 6);
        Assert.Equal(1, report.GetProperty("weights").GetProperty("largest").GetDouble(), 9);
        Assert.Equal(report.GetProperty("loggedReward").GetDouble(), Value(Estimate(report, "ips")), 9);
    }

    [Fact]
    public async Task Decisions_that_went_into_the_archive_are_read_with_those_that_stayed()
    {
        await ProductLog.WriteAsync(Database, new("metallm", 300) { Options = new() { ["epsilon"] = 0.05 }, ReroutedEvery = 10, UnrewardedEvery = 7, Step = TimeSpan.FromHours(1) });
        var before = await Evaluate("--policy", "metallm", "--option", "epsilon=0.05", "--uniform");
        await ProductLog.ArchiveAsync(Database, _directory.File("archive"), DateTimeOffset.UnixEpoch.AddHours(200));

        Assert.Equal(100, (await Evaluate("--uniform"))[0].GetProperty("log").GetProperty("decisions").GetInt32());
        var after = await Evaluate("--policy", "metallm", "--option", "epsilon=0.05", "--uniform", "--archive", _directory.File("archive"));
        Assert.Equal(before[1].GetRawText(), after[1].GetRawText());
        Assert.Equal(before[0].GetRawText(), after[0].GetRawText());
    }

    [Fact]
    public async Task An_export_says_the_same_as_the_database()
    {
        await ProductLog.WriteAsync(
            Database, new("metallm", 300) { Options = new() { ["epsilon"] = 0.05 }, ReroutedEvery = 10, UnrewardedEvery = 7, WarmStartAt = 20, QuizAt = 30, Step = TimeSpan.FromHours(1) });
        string[] asked = ["--policy", "metallm", "--option", "epsilon=0.05", "--uniform"];
        var (file, part) = (_directory.File("all.jsonl"), _directory.File("part.jsonl"));
        await ProductLog.ExportAsync(Database, file, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

        var (database, exported) = (await Evaluate(asked), await EvaluateFile(file, asked));
        Assert.Equal(database.Select(report => report.GetRawText()), exported.Select(report => report.GetRawText()));

        await ProductLog.ExportAsync(Database, part, DateTimeOffset.UnixEpoch.AddHours(100), DateTimeOffset.UnixEpoch.AddHours(250));
        Assert.Equal(150, (await EvaluateFile(part, "--uniform"))[0].GetProperty("log").GetProperty("decisions").GetInt32());
    }

    [Theory]
    [InlineData("{\"decision\":{}}", "Line 1 is damaged")]
    [InlineData("{\"unheard\":{}}", "Line 1 is no decision and no event")]
    [InlineData("nothing", "Line 1 is damaged")]
    [InlineData("", "holds no decision of acme")]
    public async Task A_damaged_export_is_refused_with_its_line(string line, string says)
    {
        var file = _directory.File("log.jsonl");
        await File.WriteAllTextAsync(file, line);
        var run = await CliRun.Of(null, ["ope", "--log", file, "--tenant", ProductLog.Tenant, "--uniform"]);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pinned_rerouted_and_unrewarded_decisions_are_left_out_and_counted_once()
    {
        await ProductLog.WriteAsync(
            Database, new("epsilon-greedy", 400) { Options = Exploring, PinnedEvery = 4, ReroutedEvery = 10, UnrewardedEvery = 5 });

        var log = (await Evaluate("--uniform"))[0].GetProperty("log");

        // Multiples of 4; of 10 that are none of 4; of 5 that are neither: 100, 20, 40.
        Assert.Equal(100, log.GetProperty("pinned").GetInt32());
        Assert.Equal(20, log.GetProperty("rerouted").GetInt32());
        Assert.Equal(40, log.GetProperty("unrewarded").GetInt32());
        Assert.Equal(240, log.GetProperty("used").GetInt32());
        Assert.Equal(400, log.GetProperty("decisions").GetInt32());
    }

    [Fact]
    public async Task What_a_log_never_explored_is_not_estimated_and_what_it_would_take_is_said()
    {
        await ProductLog.WriteAsync(Database, new("cheapest", 200));

        var run = await Run("--arm", "digits,words", "--uniform");
        var reports = await Evaluate("--arm", "digits,words", "--uniform");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("arm digits: 200 of 200 decisions", run.Output, StringComparison.Ordinal);
        Assert.Contains("of this policy 0.0000 - 1.0000 (95 %, anytime-valid)", run.Output, StringComparison.Ordinal);
        Assert.Contains("Not enough evidence for more than that", run.Output, StringComparison.Ordinal);
        Assert.Contains("it is worth 0 decisions of this policy (100 are needed)", run.Output, StringComparison.Ordinal);
        Assert.Contains("100.0 % of the policy's choices are as good as never tried", run.Output, StringComparison.Ordinal);
        Assert.Contains("explorationFloor at 0.01: 20000 decisions", run.Output, StringComparison.Ordinal);
        Assert.Equal([0, 4, 0], reports.Select(r => Reward(r).GetArrayLength()));
        Assert.Equal([0, 1.0], reports[0].GetProperty("rewardInterval").EnumerateArray().Select(e => e.GetDouble()));
        Assert.Equal([false, true, false], reports.Select(r => r.GetProperty("evidence").GetProperty("isSufficient").GetBoolean()));

        // Half of the uniform policy's choices are known.
        var half = reports[2].GetProperty("rewardInterval").EnumerateArray().Select(e => e.GetDouble()).ToArray();
        Assert.InRange(half[0], 0.1, 0.3);
        Assert.InRange(half[1], 0.8, 0.9);
    }

    [Fact]
    public async Task A_period_is_looked_at_and_policies_learn_from_what_came_before()
    {
        await ProductLog.WriteAsync(Database, new("random", 900) { Step = TimeSpan.FromMinutes(1) });

        var late = (await Evaluate("--policy", "linucb", "--since", "1970-01-01T05:00", "--until", "1970-01-01T15:00"))[0];
        var early = (await Evaluate("--policy", "linucb", "--until", "1970-01-01T10:00:00Z"))[0];

        Assert.Equal((600, 600), (late.GetProperty("log").GetProperty("decisions").GetInt32(), early.GetProperty("log").GetProperty("decisions").GetInt32()));
        Assert.InRange(Value(Estimate(late, "dr")), 0.84, 0.96);
        var run = await Run("--uniform", "--since", "1971-01-01");
        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains("only 0 of 0 decisions can be used", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_that_does_what_was_logged_needs_no_exploration()
    {
        await ProductLog.WriteAsync(Database, new("cheapest", 100));

        var report = (await Evaluate("--arm", "words"))[0];

        Assert.All(Reward(report).EnumerateArray(), e => Assert.Equal(report.GetProperty("loggedReward").GetDouble(), Value(e), 9));
    }

    [Fact]
    public async Task Too_few_decisions_are_refused()
    {
        await ProductLog.WriteAsync(Database, new("random", 20));

        var run = await Run("--uniform");

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains("only 20 of 20 decisions can be used", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_of_a_configuration_is_found()
    {
        await ProductLog.WriteAsync(Database, new("random", 60));
        var config = _directory.File("config.json");
        await File.WriteAllTextAsync(config, $$"""{ /* comment */ "MetaLlm": { "storage": { "path": {{JsonSerializer.Serialize(Database)}} } } }""");

        var run = await CliRun.Of(null, "ope", "--config", config, "--tenant", ProductLog.Tenant, "--uniform");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("uniform: 60 of 60 decisions", run.Output, StringComparison.Ordinal);
        Assert.All(run.Output, c => Assert.True(c < 128 || c == '±'));
    }

    [Theory]
    [InlineData("""{ "MetaLlm": { "storage": { "kind": "postgres" } } }""", "MetaLlm.storage.connectionEnvironment is missing")]
    [InlineData("""{ "MetaLlm": { "storage": { "kind": "oracle" } } }""", "MetaLlm.storage.kind")]
    [InlineData("""{ "MetaLlm": """, "is no well-formed JSON")]
    [InlineData("""{ "MetaLlm": { "storage": { "path": "/nowhere/log.db" } } }""", "there is no database /nowhere/log.db")]
    public async Task A_configuration_without_a_readable_log_is_refused(string content, string message)
    {
        var config = _directory.File("config.json");
        await File.WriteAllTextAsync(config, content);

        var run = await CliRun.Of(null, "ope", "--config", config, "--tenant", ProductLog.Tenant, "--uniform");

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_log_in_postgres_is_read_page_by_page_to_the_same_report_and_not_written()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        var traffic = new ProductTraffic("epsilon-greedy", 2100) { Options = Exploring, ReroutedEvery = 10, UnrewardedEvery = 5, WarmStartAt = 30 };
        await ProductLog.WriteAsync(Database, traffic);
        await ProductLog.WriteAsync(store.Journal, traffic);
        var variable = $"METALLM_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, store.ConnectionString);
        var config = _directory.File("config.json");
        await File.WriteAllTextAsync(config, $$"""{ "MetaLlm": { "storage": { "kind": "postgres", "connectionEnvironment": "{{variable}}" } } }""");

        string[] what = ["--tenant", ProductLog.Tenant, "--policy", "linucb", "--uniform"];
        var sqlite = await CliRun.Of(null, ["ope", "--sqlite", Database, .. what]);
        var postgres = await CliRun.Of(null, ["ope", "--postgres", store.ConnectionString, .. what]);
        var configured = await CliRun.Of(null, ["ope", "--config", config, .. what]);

        Assert.True(postgres.ExitCode == 0, postgres.Error);
        Assert.Contains("of 2100 decisions", postgres.Output, StringComparison.Ordinal);
        Assert.Equal(sqlite.Output, postgres.Output);
        Assert.Equal(sqlite.Output, configured.Output);
    }

    [PostgresFact]
    public async Task A_postgres_database_without_a_log_is_refused()
    {
        var server = await PostgresServer.SharedAsync();
        var unmigrated = await CliRun.Of(null, "ope", "--postgres", await server.CreateEmptyDatabaseAsync(), "--tenant", "t", "--uniform");
        var empty = await CliRun.Of(null, "ope", "--postgres", await server.CreateDatabaseAsync(), "--tenant", "nobody", "--uniform");

        Assert.Equal((ExitCodes.BadInput, ExitCodes.BadInput), (unmigrated.ExitCode, empty.ExitCode));
        Assert.Contains("metallm migrate", unmigrated.Error, StringComparison.Ordinal);
        Assert.Contains("the log holds no decision of nobody", empty.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=u;Password=secret;Timeout=2", ExitCodes.Failure, "127.0.0.1:1")]
    [InlineData("Username=u;Password=secret", ExitCodes.BadInput, "has no Host")]
    [InlineData("no connection string, secret", ExitCodes.BadInput, "must have the form 'Host=...")]
    public async Task A_postgres_database_that_is_not_there_is_said_without_its_password(string connection, int exitCode, string message)
    {
        var run = await CliRun.Of(null, "ope", "--postgres", connection, "--tenant", "t", "--uniform");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--sqlite", "a.db", "--postgres", "Host=h")]
    public async Task Not_exactly_one_database_is_bad_input(params string[] options)
    {
        var run = await CliRun.Of(null, ["ope", "--tenant", "t", "--uniform", .. options]);

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains("exactly one of --sqlite, --postgres, --config and --log", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the log holds no decision of nobody", "--tenant", "nobody", "--uniform")]
    [InlineData("the log knows no arm huge", "--tenant", "acme", "--arm", "huge")]
    [InlineData("there is no policy best", "--tenant", "acme", "--policy", "best")]
    [InlineData("Nothing to evaluate", "--tenant", "acme")]
    [InlineData("--option: it needs exactly one --policy", "--tenant", "acme", "--uniform", "--option", "epsilon=1")]
    [InlineData("must be NAME=NUMBER with one of epsilon", "--tenant", "acme", "--policy", "epsilon-greedy", "--option", "alpha=1")]
    [InlineData("it must be a number from 0 to 1", "--tenant", "acme", "--policy", "epsilon-greedy", "--option", "epsilon=2")]
    [InlineData("--since: soon is not usable; it must be a date or a time", "--tenant", "acme", "--uniform", "--since", "soon")]
    [InlineData("--until: 2026-01-01 is not usable; it must be later than --since 2026-01-02", "--tenant", "acme", "--uniform", "--since", "2026-01-02", "--until", "2026-01-01")]
    [InlineData("--price-weight: -1 is not usable", "--tenant", "acme", "--uniform", "--price-weight", "-1")]
    public async Task What_cannot_be_evaluated_is_refused(string message, params string[] arguments)
    {
        await ProductLog.WriteAsync(Database, new("random", 40));

        var run = await CliRun.Of(null, ["ope", "--sqlite", Database, .. arguments]);

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_not_created()
    {
        var run = await Run("--uniform");

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains("--sqlite: there is no file", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Database));
    }

    private Task<CliRun> Run(params string[] arguments) => CliRun.Of(null, ["ope", "--sqlite", Database, "--tenant", ProductLog.Tenant, .. arguments]);

    private Task<JsonElement[]> Evaluate(params string[] arguments) => ReportOf(json => Run([.. arguments, "--json", json]));

    private Task<JsonElement[]> EvaluateFile(string log, params string[] arguments) => ReportOf(json => CliRun.Of(null, ["ope", "--log", log, "--tenant", ProductLog.Tenant, .. arguments, "--json", json]));

    private async Task<JsonElement[]> ReportOf(Func<string, Task<CliRun>> runAsync)
    {
        var json = _directory.File("out.json");
        var run = await runAsync(json);
        Assert.True(run.ExitCode == 0, run.Error);
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(json));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    private static JsonElement Reward(JsonElement report) => report.GetProperty("reward");

    private static JsonElement Estimate(JsonElement report, string estimator) =>
        Reward(report).EnumerateArray().Single(e => e.GetProperty("estimator").GetString() == estimator);

    private static double Value(JsonElement estimate) => estimate.GetProperty("value").GetDouble();

    private static double[] Ends(JsonElement estimate, string interval) => [.. estimate.GetProperty(interval).EnumerateArray().Select(e => e.GetDouble())];
}
