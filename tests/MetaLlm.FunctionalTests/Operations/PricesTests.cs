using System.CommandLine;
using System.Text.Json.Nodes;
using MetaLlm.Host;
using MetaLlm.Host.Prices;

namespace MetaLlm.FunctionalTests.Operations;

public sealed class PricesTests
{
    [Fact]
    public async Task Prices_that_are_those_of_the_table_are_no_difference()
    {
        var run = await DiffAsync("""{ "id": "a", "upstream": "openai", "model": "gpt-4o", "inputUsdPerMillion": 2.5, "cachedInputUsdPerMillion": 1.25, "outputUsdPerMillion": 10 }""");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("3 prices equal, 0 differ, 0 models not in the table of 2026-", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_differs_is_printed_with_its_ratio_and_what_is_not_listed_is_named()
    {
        var run = await DiffAsync("""
            { "id": "opus", "upstream": "anthropic", "model": "claude-opus-4-5-20251101", "inputUsdPerMillion": 15, "cachedInputUsdPerMillion": 0.5, "outputUsdPerMillion": 25 },
            { "id": "own", "upstream": "own", "model": "gpt-4o" }
            """);

        Assert.Equal(1, run.ExitCode);
        var lines = run.Output.Split(Environment.NewLine);
        Assert.Equal(["model", "member", "configured", "table", "ratio"], Words(lines[0]));
        Assert.Equal(["t/opus", "inputUsdPerMillion", "15", "5", "3"], Words(lines[1]));
        Assert.Equal(["t/opus", "cacheWriteUsdPerMillion", "18.75", "6.25", "3"], Words(lines[2]));
        Assert.Equal("not in the table: t/own", lines[3]);
        Assert.StartsWith("2 prices equal, 2 differ, 1 models not in the table", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dated_prices_that_hold_and_those_of_deployments_are_compared()
    {
        var run = await DiffAsync("""
            { "id": "a", "upstream": "openai", "model": "gpt-4o-mini", "inputUsdPerMillion": 99, "outputUsdPerMillion": 99,
              "prices": [{ "from": "2026-01-01", "inputUsdPerMillion": 0.15, "cachedInputUsdPerMillion": 0.075, "outputUsdPerMillion": 0.6 }],
              "deployments": [{ "name": "one", "apiKeyEnvironment": "K" }, { "name": "two", "inputUsdPerMillion": 0.3, "cachedInputUsdPerMillion": 0.075, "outputUsdPerMillion": 0.6 }] }
            """);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["t/a/two", "inputUsdPerMillion", "0.3", "0.15", "2"], Words(run.Output.Split(Environment.NewLine)[1]));
        Assert.Contains("5 prices equal, 1 differ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_used_is_bad_input()
    {
        var run = await DiffAsync("""{ "id": "a", "upstream": "nowhere" }""");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("nowhere", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_is_shown_with_its_tiers_and_where_the_prices_are_from()
    {
        var run = await RunAsync("show", "gemini-2.5-pro");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("gemini-2.5-pro (gemini, https://ai.google.dev/gemini-api/docs/pricing), read on 2026-", run.Output, StringComparison.Ordinal);
        Assert.Contains("above 200k", run.Output, StringComparison.Ordinal);
        Assert.Contains("USD per million tokens", run.Output, StringComparison.Ordinal);
        Assert.Contains("read on 2026-09-23 from https://github.com/pydantic/genai-prices", (await RunAsync("show", "amazon.nova-pro")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("show", "no-such-model")).ExitCode);
    }

    [Theory]
    [InlineData("bedrock-runtime.eu-central-1.amazonaws.com", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", 3.3)]
    [InlineData("bedrock-runtime.us-east-1.amazonaws.com", "anthropic.claude-opus-4-6-v1", 5.5)]
    [InlineData("bedrock-runtime.us-east-1.amazonaws.com", "global.anthropic.claude-opus-4-6-v1", 5.0)]
    [InlineData("bedrock-runtime.us-east-1.amazonaws.com", "us.amazon.nova-pro-v1:0", 0.8)]
    [InlineData("bedrock-runtime.us-east-1.amazonaws.com", "nvidia.nemotron-nano-9b-v2:0", 0.06)]
    [InlineData("bedrock-runtime.us-east-1.amazonaws.com", "openai.gpt-oss-120b-1:0", 0.15)]
    [InlineData("bedrock-runtime.us-east-1.amazonaws.com.example.com", "us.amazon.nova-pro-v1:0", null)]
    [InlineData("bedrock-runtime.us-east-1.amazonaws.com", "arn:aws:bedrock:us-east-1:1:inference-profile/x", null)]
    [InlineData("my-resource.openai.azure.com", "o3-2025-04-16", 2.0)]
    [InlineData("my-resource.openai.azure.com", "gpt-4o", null)]
    [InlineData("api.openai.com", "gpt-4o-2024-08-06", 2.5)]
    public void A_model_is_found_on_hosts_of_every_region_and_in_every_version(string host, string model, double? input) => Assert.Equal(input, PriceTable.Bundled.Find(host, model)?.Input);

    [Fact]
    public void The_table_names_each_model_once_with_prices_that_can_be_and_a_page_of_its_provider()
    {
        var table = PriceTable.Bundled;
        Assert.InRange(table.Providers.Sum(provider => provider.Models.Count), 60, 200);
        foreach (var provider in table.Providers)
        {
            Assert.StartsWith("https://", provider.Page, StringComparison.Ordinal);
            Assert.Equal(provider.Models.Count, provider.Models.Select(model => model.Model).Distinct().Count());
            foreach (var model in provider.Models)
            {
                Assert.True(model is { Input: > 0 and < 1000, Output: > 0 and < 1000 } && model.Output >= model.Input, model.Model);
                Assert.True((model.CachedInput ?? 0) <= model.Input && (model.CacheWrite ?? model.Input) >= model.Input, model.Model);
                Assert.True(model.LongContext is null || model.LongContext.Input >= model.Input, model.Model);
                Assert.True(model.Batch is null || model.Batch.Input <= model.Input, model.Model);
            }
        }
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<(int ExitCode, string Output, string Error)> DiffAsync(string arms)
    {
        using var directory = new TemporaryDirectory();
        var file = directory.File("metallm.json");
        await File.WriteAllTextAsync(file, new JsonObject
        {
            ["MetaLlm"] = new JsonObject
            {
                ["upstreams"] = JsonNode.Parse("""
                    { "openai": { "kind": "openai", "baseUrl": "https://api.openai.com/v1", "apiKeyEnvironment": "METALLM_TEST_UNSET" }, "anthropic": { "kind": "anthropic" }, "own": { "baseUrl": "http://gpu-1:8000/v1" } }
                    """),
                ["tenants"] = JsonNode.Parse($$"""[{ "id": "t", "keyEnvironments": ["METALLM_TEST_UNSET_2"], "arms": [{{arms}}] }]"""),
            },
        }.ToJsonString());
        return await RunAsync("diff", "--config", file);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await HostCommand.Create().Parse(["prices", .. options]).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
