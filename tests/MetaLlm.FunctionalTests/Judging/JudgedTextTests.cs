namespace MetaLlm.FunctionalTests.Judging;

/// <summary>What judges and the models beside them are sent, and what of it.</summary>
public sealed class JudgedTextTests(ScriptedJudges judged) : IClassFixture<ScriptedJudges>
{
    private const string Chat = "/v1/chat/completions";

    [Theory]
    [InlineData(Chat, """{"model":"auto","messages":[{"role":"user","content":"Which is it, by chat?"}],"metallm":{"expected":"a secret place"}}""")]
    [InlineData("/v1/messages", """{"model":"auto","max_tokens":50,"messages":[{"role":"user","content":"Which is it, by messages?"}],"metallm":{"expected":"a secret place"}}""")]
    [InlineData("/v1/responses", """{"model":"auto","input":"Which is it, by responses?","metallm":{"expected":"a secret place"}}""")]
    [InlineData("/v1/completions", """{"model":"auto","prompt":"Which is it, by completions?","metallm":{"expected":"a secret place"}}""")]
    public async Task What_a_client_expects_is_looked_at_before_a_judge_gets_it(string path, string body)
    {
        var asked = await JudgedAsync(path, body, $"Which is it, by {path.Split('/')[2]}");
        var compared = asked.Where(call => call.Model == "judge").ToList();
        Assert.NotEmpty(compared);
        Assert.All(compared, call => Assert.Contains("a [gone] place", call.Body, StringComparison.Ordinal));
        Assert.All(asked, call => Assert.DoesNotContain("secret", call.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_expected_answer_that_must_not_pass_blocks_the_request()
    {
        var reply = await judged.Client.PostTextAsync(Chat, """{"model":"auto","messages":[{"role":"user","content":"What?"}],"metallm":{"expected":"a bomb"}}""");
        Assert.Equal((HttpStatusCode.BadRequest, "content_blocked"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task What_was_retrieved_beside_the_clients_call_is_looked_at_too()
    {
        const string Question = "What do the notes say?";
        var asked = await JudgedAsync(Chat, $$"""{"model":"auto","messages":[{"role":"user","content":"{{Question}}"}]}""", Question);
        var noted = await Eventually.ReadAsync(
            "the shadow and the model that is compared with were called", () => Task.FromResult(Of(Question).Where(call => call.Body.Contains("Notes with a", StringComparison.Ordinal)).ToList()),
            calls => calls.Count >= 2, calls => $"{calls.Count} of {asked.Count} calls");
        Assert.All(noted, call => Assert.Contains("Notes with a [gone].", call.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_completion_is_compared_with_a_completion()
    {
        const string Prompt = "Once upon a time";
        var asked = await JudgedAsync("/v1/completions", $$"""{"model":"auto","prompt":"{{Prompt}}"}""", Prompt);
        var (_, path, body) = Assert.Single(asked, call => call.Model == "other");
        Assert.Equal("/v1/completions", path);
        Assert.Contains(Prompt, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Descriptions_of_tools_are_no_part_of_the_question()
    {
        const string Question = "What is the weather in Rome?";
        var asked = await JudgedAsync(
            Chat, $$$"""{"model":"auto","messages":[{"role":"user","content":"{{{Question}}}"}],"tools":[{"type":"function","function":{"name":"weather","description":"Tells of clouds."}}]}""", Question);
        Assert.Contains(asked, call => call.Model == "other" && call.Body.Contains("Tells of clouds.", StringComparison.Ordinal));
        var compared = asked.Where(call => call.Model == "judge").ToList();
        Assert.NotEmpty(compared);
        Assert.All(compared, call => Assert.DoesNotContain("Tells of clouds.", call.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_comparison_is_not_paid_where_the_first_says_nothing()
    {
        const string Question = "Will you answer in riddles?";
        var asked = await JudgedAsync(Chat, $$"""{"model":"auto","messages":[{"role":"user","content":"{{Question}}"}]}""", Question);

        // One for each of the two judges.
        Assert.Equal(2, asked.Count(call => call.Model == "judge"));
    }

    [Fact]
    public async Task A_judge_that_fails_costs_no_other_judge_its_verdict()
    {
        var reply = (await judged.Client.ChatAsync("Do all judges speak?")).Ok();
        var decision = await judged.Client.DecisionAsync(reply.DecisionId, IsJudged);
        Assert.Equal("judge:better@1,noted@1,last@1", decision.GetProperty("reward_source").GetString());
    }

    /// <summary>Asks, waits for the verdicts, and gives the calls of models with the words.</summary>
    private async Task<IReadOnlyList<(string Model, string Path, string Body)>> JudgedAsync(string path, string body, string words)
    {
        var reply = (await judged.Client.PostTextAsync(path, body)).Ok();
        await judged.Client.DecisionAsync(reply.DecisionId, IsJudged);
        return Of(words);
    }

    private List<(string Model, string Path, string Body)> Of(string words) => [.. judged.Asked.Where(call => call.Body.Contains(words, StringComparison.Ordinal))];

    private static bool IsJudged(JsonElement decision) => decision.GetProperty("reward_source").ValueKind == JsonValueKind.String;
}
