using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MetaLlm.Host;

namespace MetaLlm.FunctionalTests.Batches;

/// <summary>What a batch makes of routers that refuse, hang, die or talk nonsense.</summary>
public sealed class BatchFailureTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string In => Path.Combine(_directory.Path, "queries.jsonl");

    private string Out => Path.Combine(_directory.Path, "results.jsonl");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(401, """{"error":{"message":"The API key is not known."}}""", "401 The API key is not known.")]
    [InlineData(400, """{"error":{"message":"'requests' is missing."}}""", "400 'requests' is missing.")]
    [InlineData(404, "no such page", "404 no such page")]
    [InlineData(404, """{"error":"no such page"}""", "404 {\"error\":\"no such page\"}")]
    [InlineData(200, "<html>Sign in</html>", "does not answer as a router does")]
    [InlineData(200, """{"data":3}""", "does not answer as a router does")]
    public async Task A_router_that_refuses_is_named_with_what_it_said_and_the_exit_code_is_1(int status, string body, string message)
    {
        await using var server = await FakeRouter.RefuseAsync(status, body);
        foreach (string[] options in new[] { new[] { "--menu" }, ["--budget", "1", "--yes"] })
        {
            var (exitCode, said) = await RunAsync(server.Address, options);
            Assert.True(exitCode == 1, said);
            Assert.Contains(message, said, StringComparison.Ordinal);
            Assert.Contains(server.Address, said, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Out));
    }

    [Fact]
    public async Task A_key_that_opens_nothing_any_more_stops_the_batch_which_goes_on_with_another_one()
    {
        await using var router = await FakeRouter.StartAsync(
            (http, _, call) => call == 1 ? FakeRouter.WriteAsync(http, 401, """{"error":{"message":"The API key is not known."}}""") : FakeRouter.AnswerAsync(http));
        var (exitCode, said) = await RunAsync(router.Address, "--budget", "1", "--yes");
        Assert.True(exitCode == 1, said);
        Assert.Contains("refuses the key: 401 The API key is not known.", said, StringComparison.Ordinal);

        (exitCode, said) = await RunAsync(router.Address, "--budget", "1", "--yes");
        Assert.True(exitCode == 0, said);
    }

    [Fact]
    public async Task A_file_that_begins_with_a_byte_order_mark_is_read()
    {
        await using var router = await FakeRouter.StartAsync((http, _, _) => FakeRouter.AnswerAsync(http));
        await File.WriteAllTextAsync(In, Query + "\n", new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal(0xEF, (await File.ReadAllBytesAsync(In))[0]);
        var (exitCode, said) = await RunAsync(router.Address, "--budget", "1", "--yes");
        Assert.True(exitCode == 0, said);
    }

    [Fact]
    public async Task A_file_that_is_no_UTF8_names_the_line()
    {
        await File.WriteAllBytesAsync(In, [.. System.Text.Encoding.UTF8.GetBytes(Query + "\n"), .. "{\"messages\":[\""u8, 0xFF, .. "\"]}"u8]);
        var (exitCode, said) = await RunAsync("http://127.0.0.1:1", "--budget", "1", "--yes");
        Assert.Equal(2, exitCode);
        Assert.Contains("line 2: is no UTF-8", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_without_an_answer_is_made_again_after_the_time_out_and_what_it_may_have_cost_is_shown_with_its_model()
    {
        await using var router = await FakeRouter.StartAsync((http, _, call) => call == 1 ? FakeRouter.HangAsync(http) : FakeRouter.AnswerAsync(http));
        var (exitCode, said) = await RunAsync(router.Address, "--budget", "1", "--yes", "--timeout", "1");
        Assert.True(exitCode == 0, said);
        var own = Result()["metallm"]!;
        Assert.Equal(("a", FakeRouter.PaidUsd), ((string?)own["model"], (double)own["cost_usd"]!));
        Assert.Equal(FakeRouter.HeldUsd, (double)own["lost_usd"]!["a"]!, 12);
        Assert.Contains("a: 1 answers, 0.001000 USD, and 0.010000 USD for calls that came to nothing", said, StringComparison.Ordinal);
        Assert.Contains("for 0.011000 USD", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_of_a_call_that_timed_out_takes_the_place_of_what_was_counted_for_it()
    {
        await using var router = await FakeRouter.StartAsync((http, _, call) => call == 1 ? FakeRouter.HangAsync(http) : FakeRouter.AnswerAsync(http, isReplayed: true));
        var (exitCode, said) = await RunAsync(router.Address, "--budget", "1", "--yes", "--timeout", "1");
        Assert.True(exitCode == 0, said);
        Assert.Null(Result()["metallm"]!["lost_usd"]);
        Assert.Contains("for 0.001000 USD", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_one_model_lost_is_not_given_back_by_another_ones_answer()
    {
        // The first model never answers; the second one's answer is there from before.
        await using var router = await FakeRouter.StartAsync((http, body, _) =>
        {
            if (!body.Contains("\"model\":\"a\"", StringComparison.Ordinal))
            {
                return FakeRouter.AnswerAsync(http, isReplayed: true);
            }

            http.Abort();
            return Task.CompletedTask;
        });
        await File.WriteAllTextAsync(Out + ".progress", Progress("a"));
        var (exitCode, said) = await RunAsync(router.Address, "--budget", "0.025", "--yes");
        Assert.True(exitCode == 0, said);
        var own = Result()["metallm"]!;
        Assert.Equal(("b", FakeRouter.PaidUsd), ((string?)own["model"], (double)own["cost_usd"]!));
        Assert.Equal(2 * FakeRouter.HeldUsd, (double)own["lost_usd"]!["a"]!, 12);
        Assert.Contains("for 0.021000 USD", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cost_that_nobody_tells_in_time_counts_as_the_most()
    {
        await using var router = await FakeRouter.StartAsync((http, _, _) => FakeRouter.AnswerAsync(http), (http, _) => FakeRouter.HangAsync(http));
        var (exitCode, said) = await RunAsync(router.Address, "--budget", "1", "--yes", "--timeout", "1");
        Assert.True(exitCode == 0, said);
        Assert.Contains("for 0.010000 USD", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task A_decision_that_cannot_be_read_is_asked_for_again(string first)
    {
        await using var router = await FakeRouter.StartAsync(
            (http, _, _) => FakeRouter.AnswerAsync(http), (http, question) => question == 1 ? FakeRouter.WriteAsync(http, 200, first) : FakeRouter.SettleAsync(http));
        var (exitCode, said) = await RunAsync(router.Address, "--budget", "1", "--yes");
        Assert.True(exitCode == 0, said);
        Assert.Contains("for 0.001000 USD", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_was_under_way_stays_so_on_disk_until_it_is_made_again()
    {
        var begun = Progress("b");
        await File.WriteAllTextAsync(Out + ".progress", begun);
        await using (var router = await FakeRouter.StartAsync((http, _, _) => FakeRouter.WriteAsync(http, 401, """{"error":{"message":"The API key is not known."}}""")))
        {
            // It is begun again, and the second process ends before it hears of it.
            Assert.Equal(1, (await RunAsync(router.Address, "--budget", "1", "--yes")).ExitCode);
        }

        var asked = "";
        await using var other = await FakeRouter.StartAsync((http, body, _) =>
        {
            asked = body;
            return FakeRouter.AnswerAsync(http, isReplayed: true);
        });
        var (exitCode, said) = await RunAsync(other.Address, "--budget", "1", "--yes");
        Assert.True(exitCode == 0, said);
        Assert.Contains("1 were under way", said, StringComparison.Ordinal);
        Assert.Contains("\"model\":\"b\"", asked, StringComparison.Ordinal);
        Assert.Contains("for 0.001000 USD", said, StringComparison.Ordinal);
    }

    private const string Query = """{"custom_id":"q","body":{"messages":[{"role":"user","content":"hello"}]}}""";

    private JsonNode Result() => JsonNode.Parse(File.ReadAllText(Out))!;

    /// <summary>The progress of a process that died while it waited for a model.</summary>
    private string Progress(string model)
    {
        File.WriteAllText(In, Query + "\n");
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(In)));
        var state = new JsonObject { ["usd"] = 0.0, ["begun"] = new JsonObject { ["model"] = model, ["held_usd"] = FakeRouter.HeldUsd } };
        return new JsonObject { ["job"] = "0123456789abcdef", ["input"] = digest }.ToJsonString() + "\n" + new JsonObject { ["line"] = 0, ["state"] = state }.ToJsonString() + "\n";
    }

    private async Task<(int ExitCode, string Said)> RunAsync(string address, params string[] options)
    {
        if (!File.Exists(In))
        {
            await File.WriteAllTextAsync(In, Query + "\n");
        }

        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var exitCode = await HostCommand.Create().Parse(["batch", "--in", In, "--out", Out, "--url", address, .. options]).InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return (exitCode, output.ToString());
    }
}
