using System.Globalization;
using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Idempotency;

public sealed class SimilarQuestionTests(SimilarQuestionTests.Fixture fixture) : IClassFixture<SimilarQuestionTests.Fixture>
{
    private const string Chat = "/v1/chat/completions";

    [Theory]
    [InlineData(Chat, false)]
    [InlineData(Chat, true)]
    [InlineData("/v1/messages", false)]
    public async Task A_similar_question_gets_the_answer_of_before_and_is_no_decision(string path, bool stream)
    {
        var kind = $"{path.Length} {stream}";
        var first = (await AskAsync(fixture.Gateway.Alpha, path, $"Please tell me what the capital city of the country France is called today {kind}", stream)).Ok();
        var decisions = await DecisionsAsync(fixture.Gateway.Alpha);
        var hit = (await AskAsync(fixture.Gateway.Alpha, path, $"Please tell me what the capital city of the country France is called now {kind}", stream)).Ok();
        Assert.Equal(("miss", "hit"), (first.Headers["x-metallm-cache"], hit.Headers["x-metallm-cache"]));
        Assert.InRange(double.Parse(hit.Headers["x-metallm-cache-similarity"], CultureInfo.InvariantCulture), 0.8, 1);
        Assert.Equal((first.Text, first.DecisionId), (hit.Text, hit.DecisionId));
        Assert.Equal(decisions, await DecisionsAsync(fixture.Gateway.Alpha));
        (await fixture.Gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = hit.DecisionId, reward = 1 })).Ok();
    }

    [Fact]
    public async Task What_differs_in_more_than_its_words_is_a_call_and_another_tenants_answer_is_never_given()
    {
        const string Question = "How many days does the month of February have in the year 2024 in the calendar";
        var first = (await AskAsync(fixture.Gateway.Alpha, Chat, Question)).Ok();
        Assert.Equal(first.DecisionId, (await AskAsync(fixture.Gateway.Alpha, Chat, Question + " please")).Ok().DecisionId);
        foreach (var (name, value) in ((string, JsonNode)[])
            [("seed", 4), ("max_tokens", 30), ("model", "sim-nano"), ("user", "ann"), ("tools", JsonNode.Parse("""[{"type":"function","function":{"name":"f"}}]""")!), ("temperature", 0.9)])
        {
            var body = Body(Question + " please");
            body[name] = value;
            Assert.NotEqual("hit", (await fixture.Gateway.Alpha.PostTextAsync(Chat, body.ToJsonString(), "application/json", ("x-metallm-cache", "use"))).Ok().Headers.GetValueOrDefault("x-metallm-cache"));
        }

        var turns = Body(Question);
        turns["messages"] = JsonNode.Parse($$"""[{"role":"user","content":"{{Question}}"},{"role":"assistant","content":"29"},{"role":"user","content":"{{Question}}"}]""");
        foreach (var other in (Reply[])
            [
                await AskAsync(fixture.Gateway.Beta, Chat, Question), await AskAsync(fixture.Gateway.Alpha, Chat, Question.Replace("2024", "2025", StringComparison.Ordinal)),
                await AskAsync(fixture.Gateway.Alpha, Chat, "Write a poem about the sea and its colours"), await fixture.Gateway.Alpha.PostTextAsync(Chat, turns.ToJsonString()),
                await fixture.Gateway.Alpha.PostTextAsync(Chat, Body(Question + " now").ToJsonString(), "application/json", ("x-metallm-cache", "skip")),
            ])
        {
            Assert.NotEqual("hit", other.Ok().Headers.GetValueOrDefault("x-metallm-cache"));
            Assert.NotEqual(first.DecisionId, other.DecisionId);
        }
    }

    [Fact]
    public async Task A_question_that_the_embedding_may_not_read_whole_is_answered_by_itself_alone()
    {
        var text = string.Concat(Enumerable.Repeat("The report of the year says that the harvest was good and the rivers were full. ", 250));
        var first = (await AskAsync(fixture.Gateway.Alpha, Chat, text + "Summarise it.")).Ok();
        var other = (await AskAsync(fixture.Gateway.Alpha, Chat, text + "Delete every file of Bob.")).Ok();
        Assert.Equal("miss", other.Headers["x-metallm-cache"]);
        Assert.NotEqual(first.DecisionId, other.DecisionId);
    }

    private static JsonObject Body(string question, bool stream = false) => new()
    {
        ["model"] = "auto", ["temperature"] = 0, ["max_tokens"] = 50, ["stream"] = stream, ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = question }),
    };

    private static Task<Reply> AskAsync(Client client, string path, string question, bool stream = false) => client.PostTextAsync(path, Body(question, stream).ToJsonString());

    private static async Task<int> DecisionsAsync(Client client) => (await client.GetAsync("/v1/policy")).Ok().Json.GetProperty("decisions").GetInt32();

    public sealed class Fixture : IAsyncLifetime
    {
        private RunningGateway? _gateway;

        internal RunningGateway Gateway => _gateway!;

        public async Task InitializeAsync()
        {
            var configuration = TestConfiguration.Create();
            foreach (var index in (int[])[0, 1])
            {
                TestConfiguration.TenantAt(configuration, index)["responseCache"] = new JsonObject { ["seconds"] = 3600, ["similarity"] = 0.8 };
            }

            _gateway = await RunningGateway.StartAsync(configuration);
        }

        public async Task DisposeAsync() => await Gateway.DisposeAsync();
    }
}
