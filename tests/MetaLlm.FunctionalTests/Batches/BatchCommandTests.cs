using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Durability;
using MetaLlm.Host;

namespace MetaLlm.FunctionalTests.Batches;

public sealed class BatchCommandTests(BatchFixture fixture) : IClassFixture<BatchFixture>, IDisposable
{
    // Prices of the cheaper of the two models, USD a token.
    private const double InputUsd = 1e-6;
    private const double OutputUsd = 2e-6;

    private readonly TemporaryDirectory _directory = new();

    private string In => Path.Combine(_directory.Path, "queries.jsonl");

    private string Out => Path.Combine(_directory.Path, "results.jsonl");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_file_is_answered_once_in_order_and_says_what_it_cost()
    {
        var questions = Questions("plain", 40);
        Write(questions);
        var (exitCode, said) = await RunAsync("--budget", "0.1", "--yes");
        Assert.True(exitCode == 0, said);
        var results = Results();
        Assert.Equal(questions.Select((_, i) => $"q{i}"), results.Select(r => (string?)r["custom_id"]));
        Assert.Equal(questions.Select(q => "re: " + q), results.Select(r => (string?)r["response"]!["body"]!["choices"]![0]!["message"]!["content"]));
        Assert.All(questions, q => Assert.Equal(1, fixture.Asked(q)));
        Assert.All(results, r => Assert.InRange((double)r["metallm"]!["cost_usd"]!, 1.4e-5 - 1e-9, 2 * 1.4e-5));
        Assert.Contains("95 % interval", said, StringComparison.Ordinal);
        Assert.Contains("40 of 40 queries answered", said, StringComparison.Ordinal);
        Assert.False(File.Exists(Out + ".progress"));

        var decision = (await fixture.Gateway.Alpha.GetAsync($"/v1/decisions/{(string?)results[0]["response"]!["request_id"]}")).Ok().Json;
        Assert.Equal((true, 1), (decision.GetProperty("pinned").GetBoolean(), decision.GetProperty("propensity").GetDouble()));
    }

    [Fact]
    public async Task A_menu_calls_nobody_and_leaves_nothing()
    {
        Write(Questions("menu", 5));
        var (exitCode, said) = await RunAsync("--menu");
        Assert.True(exitCode == 0, said);
        Assert.True(Least(said) > 0, said);
        Assert.All(Questions("menu", 5), q => Assert.Equal(0, fixture.Asked(q)));
        Assert.False(File.Exists(Out + ".progress"));
    }

    [Fact]
    public async Task Bills_above_all_predictions_do_not_spend_more_than_the_budget()
    {
        var questions = Questions("dear " + new string('x', 120), 40);
        Write(questions);
        var least = Least((await RunAsync("--menu")).Said);
        var budget = (1.05 * least) + 1e-4;
        var (exitCode, said) = await RunAsync("--budget", budget.ToString(CultureInfo.InvariantCulture), "--yes");
        Assert.True(exitCode == 1, said);
        var results = Results();
        Assert.Equal(40, results.Count);
        var refused = results.Where(r => (string?)r["error"]?["code"] == "budget_exhausted").ToList();
        Assert.InRange(refused.Count, 1, 39);
        var leastSpent = questions.Sum(fixture.Asked) * ((BatchFixture.DearInput * InputUsd) + (BatchFixture.DearOutput * OutputUsd));
        Assert.True(leastSpent <= budget + 1e-12, $"{leastSpent} USD of {budget}; {said}");
        Assert.True(results.Sum(r => (double)r["metallm"]!["cost_usd"]!) <= budget + 1e-12, said);
    }

    [Fact]
    public async Task A_model_that_fails_is_asked_again_and_one_that_objects_is_not()
    {
        Write(["fail once, please", "object, please", "plain"]);
        var (exitCode, said) = await RunAsync("--or-quality", "0.1", "--yes");
        Assert.True(exitCode == 1, said);
        Assert.Equal([200, 400, 200], Results().Select(r => (int)r["response"]!["status_code"]!));
        Assert.Equal((2, 1), (fixture.Asked("fail once, please"), fixture.Asked("object, please")));
        Assert.Contains("2 of 3 queries answered", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_kill_the_rest_is_answered_and_what_was_under_way_is_not_paid_twice()
    {
        // Whatever the order, four of the first to run wait.
        string[] questions = [.. Questions("before", 20).Zip(Questions("wait", 20), (one, other) => (string[])[one, other]).SelectMany(both => both)];
        Write(questions);
        string[] arguments = ["--budget", "0.5", "--yes", "--concurrency", "4"];
        using (var doomed = HostProcess.Begin(new Dictionary<string, string> { [fixture.KeyVariable] = TestConfiguration.AlphaKey }, [.. Arguments(arguments)]))
        {
            try
            {
                await Eventually.TrueAsync("every call that runs waits for its answer", () => fixture.Waiting == 4);
            }
            finally
            {
                doomed.Kill();
                await doomed.WaitForExitAsync();
            }
        }

        Assert.False(File.Exists(Out));
        var done = questions.Count(q => q.StartsWith("before", StringComparison.Ordinal) && fixture.Asked(q) == 1);
        fixture.Open();
        var (exitCode, said) = await RunAsync(arguments);
        Assert.True(exitCode == 0, said);
        Assert.Contains($"goes on: {done} of 40 queries are done", said, StringComparison.Ordinal);
        Assert.Contains("4 were under way", said, StringComparison.Ordinal);
        Assert.Equal(questions.Select(q => "re: " + q), Results().Select(r => (string?)r["response"]!["body"]!["choices"]![0]!["message"]!["content"]));
        Assert.All(questions, q => Assert.Equal(1, fixture.Asked(q)));
        Assert.All(Results(), r => Assert.True((double)r["metallm"]!["cost_usd"]! > 0, r.ToJsonString()));
    }

    [Theory]
    [InlineData("{\"messages\":[]}", "line 1: 'messages' must be a list of at least one message")]
    [InlineData("{\"custom_id\":\"x\",\"url\":\"/v1/embeddings\",\"body\":{}}", "'url' is \"/v1/embeddings\"; it must be \"/v1/chat/completions\"")]
    [InlineData("{\"messages\":[{}],\"stream\":true}", "'stream' is true")]
    [InlineData("nonsense", "line 1: is no JSON")]
    [InlineData("", "has 0 queries; 1 to 50000 are legal")]
    public async Task A_line_that_cannot_be_used_is_named_and_nothing_is_called(string line, string message)
    {
        await File.WriteAllTextAsync(In, line + "\n");
        var (exitCode, said) = await RunAsync("--budget", "1", "--yes");
        Assert.Equal(2, exitCode);
        Assert.Contains(message, said, StringComparison.Ordinal);
        Assert.False(File.Exists(Out + ".progress"));
    }

    [Theory]
    [InlineData("batch needs --budget or --or-quality", "--yes")]
    [InlineData("--budget: 0 is not usable", "--budget", "0")]
    [InlineData("--or-quality: 2 is not usable", "--or-quality", "2")]
    [InlineData("--concurrency: 0 is not usable", "--budget", "1", "--concurrency", "0")]
    [InlineData("the cheapest plan is expected to cost", "--budget", "1e-9", "--yes")]
    public async Task Options_that_cannot_be_used_are_named(string message, params string[] options)
    {
        Write(["never asked"]);
        var (exitCode, said) = await RunAsync(options);
        Assert.Equal(2, exitCode);
        Assert.Contains(message, said, StringComparison.Ordinal);
        Assert.Equal(0, fixture.Asked("never asked"));
    }

    [Fact]
    public async Task Progress_of_another_file_is_refused()
    {
        Write(["another file"]);
        await File.WriteAllTextAsync(Out + ".progress", """{"job":"0123456789abcdef","input":"of another"}""" + "\n");
        var (exitCode, said) = await RunAsync("--budget", "1", "--yes");
        Assert.Equal(2, exitCode);
        Assert.Contains("is the progress of another file", said, StringComparison.Ordinal);
    }

    private static string[] Questions(string kind, int count) => [.. Enumerable.Range(0, count).Select(i => $"{kind} {i}")];

    private void Write(string[] questions) => File.WriteAllLines(In, questions.Select((question, i) => new JsonObject
    {
        ["custom_id"] = $"q{i}",
        ["method"] = "POST",
        ["url"] = "/v1/chat/completions",
        ["body"] = new JsonObject
        {
            ["model"] = "auto", ["max_tokens"] = 16, ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = question }),
        },
    }.ToJsonString()));

    private List<JsonNode> Results() => [.. File.ReadLines(Out).Select(line => JsonNode.Parse(line)!)];

    /// <summary>What the cheapest plan of a menu is expected to cost, USD.</summary>
    private static double Least(string said) => double.Parse(said.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);

    private IEnumerable<string> Arguments(string[] options) =>
        ["batch", "--in", In, "--out", Out, "--url", fixture.Gateway.Address.ToString(), "--key-env", fixture.KeyVariable, .. options];

    private async Task<(int ExitCode, string Said)> RunAsync(params string[] options)
    {
        using var output = new StringWriter();
        var exitCode = await HostCommand.Create().Parse([.. Arguments(options)]).InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return (exitCode, output.ToString());
    }
}
