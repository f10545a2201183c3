using System.CommandLine;
using System.Text.Json.Nodes;
using MetaLlm.Host.Admin;
using MetaLlm.Host.Prices;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>The verbs <c>admin</c> and <c>apply</c> against a gateway.</summary>
public sealed class AdminCommandTests : IAsyncLifetime
{
    // The verbs take keys from the environment of the process, which all tests share.
    private const string Variable = "METALLM_TEST_ADMIN_COMMAND_KEY";

    private readonly string _file = Path.GetTempFileName();
    private RunningGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        Environment.SetEnvironmentVariable(Variable, TestConfiguration.AdminKey);
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        _gateway = await RunningGateway.StartAsync(configuration);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        File.Delete(_file);
    }

    [Fact]
    public async Task A_tenant_is_signed_up_served_reported_on_and_deleted()
    {
        await File.WriteAllTextAsync(_file, Tenant("acme", "sim-nano").ToJsonString());
        var created = await AdminAsync("tenant", "create", _file);
        Assert.Equal("acme", created.GetProperty("id").GetString());
        var key = (await AdminAsync("key", "create", "acme", "--name", "app", "--scope", "chat", "--expires-in-days", "1")).GetProperty("key").GetString()!;
        (await _gateway.With(key).ChatAsync("Hello.")).Ok();

        Assert.Equal("app", Assert.Single((await AdminAsync("key", "list", "acme")).GetProperty("data").EnumerateArray()).GetProperty("name").GetString());
        var patched = await AdminAsync("tenant", "patch", "acme", """{"budget":{"usdPerDay":3}}""");
        Assert.Equal(3, patched.GetProperty("budget").GetProperty("usdPerDay").GetDouble());
        var reset = await AdminAsync("budget", "reset", "acme");
        Assert.True(Assert.Single(reset.GetProperty("before").GetProperty("windows").EnumerateArray()).GetProperty("spent_usd").GetDouble() > 0);
        Assert.Equal(0, Assert.Single(reset.GetProperty("after").GetProperty("windows").EnumerateArray()).GetProperty("spent_usd").GetDouble());
        var (exitCode, csv, _) = await RunAsync(AdminCommand.Create(), "usage", "--tenant", "acme", "--by", "model", "--csv");
        Assert.Equal(0, exitCode);
        Assert.Contains("sim-nano,1,", csv, StringComparison.Ordinal);
        Assert.Equal(
            ["create_tenant", "create_key", "replace_tenant", "reset_budget"],
            (await AdminAsync("audit", "--tenant", "acme")).GetProperty("data").EnumerateArray().Select(change => change.GetProperty("action").GetString()));

        Assert.Empty((await AdminAsync("shared-learning")).GetProperty("data").EnumerateArray());

        Assert.True((await AdminAsync("tenant", "delete", "acme")).GetProperty("deleted").GetBoolean());
        var (missing, _, error) = await RunAsync(AdminCommand.Create(), "tenant", "get", "acme");
        Assert.Equal(1, missing);
        Assert.Contains("There is no tenant 'acme'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prices_of_tenants_of_the_directory_are_compared_by_the_upstreams_of_a_file()
    {
        var tenant = Tenant("acme", "sim-nano");
        var arm = tenant["arms"]![0]!;
        (arm["model"], arm["inputUsdPerMillion"], arm["outputUsdPerMillion"], arm["cachedInputUsdPerMillion"]) = ("gpt-4o", 2.5, 11, 1.25);
        await WriteAsync(tenant);
        Assert.Equal(0, (await ApplyAsync()).ExitCode);
        await File.WriteAllTextAsync(_file, """{"MetaLlm":{"admin":{"keyEnvironment":"METALLM_TEST_UNSET"},"upstreams":{"sim":{"baseUrl":"https://api.openai.com/v1"}}}}""");

        var (exitCode, output, error) = await RunAsync(PricesCommand.Create(), "diff", "--config", _file);

        Assert.Equal((1, ""), (exitCode, error));
        Assert.Matches("acme/sim-nano +outputUsdPerMillion +11 +10 +1.1", output);
        Assert.Contains("2 prices equal, 1 differ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_says_what_differs_and_does_it_unless_it_is_a_dry_run()
    {
        var keyed = Tenant("one", "sim-nano");
        keyed["keyEnvironments"] = new JsonArray("SOME_KEY");
        keyed["keyFiles"] = new JsonArray("/some/key");
        await WriteAsync(keyed, Tenant("two", "sim-lingo"));
        Assert.Equal((0, "+ one\n+ two\n2 created, 0 changed, 0 deleted, 0 as they were, 0 refused (dry run)"), await ApplyAsync("--dry-run"));
        Assert.DoesNotContain((await AdminAsync("tenant", "list")).GetProperty("data").EnumerateArray(), t => t.GetProperty("source").GetString() == "directory");
        Assert.Equal(0, (await ApplyAsync()).ExitCode);
        Assert.Equal((0, "0 created, 0 changed, 0 deleted, 2 as they were, 0 refused"), await ApplyAsync());

        var changed = Tenant("one", "sim-nano");
        changed["qualityFloor"] = 0.8;
        await WriteAsync(changed, Tenant("three", "no-such-upstream", upstream: "nowhere"));
        var (exitCode, output) = await ApplyAsync("--prune");
        Assert.Equal(1, exitCode);
        Assert.Contains("~ one\n    qualityFloor: ", output, StringComparison.Ordinal);
        Assert.Contains("+ three\n    refused: ", output, StringComparison.Ordinal);
        Assert.Contains("- two\n", output, StringComparison.Ordinal);
        Assert.EndsWith("0 created, 1 changed, 1 deleted, 0 as they were, 1 refused", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_not_set_is_named()
    {
        var (exitCode, _, error) = await RunAsync(AdminCommand.Create(), "tenant", "list", "--key-env", "NOBODY_SETS_THIS");
        Assert.Equal(2, exitCode);
        Assert.Contains("NOBODY_SETS_THIS", error, StringComparison.Ordinal);
    }

    private static JsonObject Tenant(string id, string arm, string upstream = "sim") =>
        new() { ["id"] = id, ["arms"] = new JsonArray(TestConfiguration.Arm(arm, upstream: upstream)) };

    private Task WriteAsync(params JsonNode[] tenants) => File.WriteAllTextAsync(_file, new JsonArray(tenants).ToJsonString());

    private async Task<JsonElement> AdminAsync(params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(AdminCommand.Create(), arguments);
        Assert.True(exitCode == 0, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private async Task<(int ExitCode, string Output)> ApplyAsync(params string[] arguments)
    {
        var (exitCode, output, _) = await RunAsync(ApplyCommand.Create(), ["-f", _file, .. arguments]);
        return (exitCode, output);
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(Command command, params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        string[] given = arguments.Contains("--key-env") ? [] : ["--key-env", Variable];
        var exitCode = await command.Parse([.. arguments, .. given, "--url", _gateway.Address.ToString()]).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString().TrimEnd(), error.ToString().TrimEnd());
    }
}
