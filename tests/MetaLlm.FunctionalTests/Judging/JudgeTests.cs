namespace MetaLlm.FunctionalTests.Judging;

public sealed class JudgeTests(JudgedGateway judged) : IClassFixture<JudgedGateway>
{
    private const string Question = "What is 17 * 23?";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_verdict_is_a_reward_until_a_person_speaks(bool stream)
    {
        var tenant = judged.Of("model");
        using var response = await tenant.StreamAsync(new { model = "auto", stream, messages = new[] { new { role = "user", content = Question } } });
        var answer = await response.Content.ReadAsStringAsync();
        var id = response.Headers.GetValues("x-metallm-decision-id").Single();
        var judgedAs = await tenant.DecisionAsync(id, IsJudged);
        Assert.Equal(("judge:right@1", 0.5, 0, false), (judgedAs.GetProperty("reward_source").GetString(), judgedAs.GetProperty("reward_weight").GetDouble(), judgedAs.GetProperty("feedback_count").GetInt32(), judgedAs.GetProperty("reward_defaulted").GetBoolean()));

        // Streams come in pieces; the judge has seen the whole.
        if (!stream)
        {
            Assert.Equal(answer.Contains("391", StringComparison.Ordinal) ? 1 : 0, Math.Round(judgedAs.GetProperty("reward").GetDouble()));
        }

        (await tenant.PostAsync("/v1/feedback", new { decision_id = id, reward = 0.25 })).Ok();
        var spoken = (await tenant.GetAsync($"/v1/decisions/{id}")).Ok().Json;
        Assert.Equal((0.25, 1, JsonValueKind.Null), (spoken.GetProperty("reward").GetDouble(), spoken.GetProperty("feedback_count").GetInt32(), spoken.GetProperty("reward_source").ValueKind));
        var report = await ReportAsync(tenant, judge => judge.GetProperty("rated").GetInt64() >= 1);
        Assert.Equal("trusted", report.GetProperty("judges")[0].GetProperty("status").GetString());
        Assert.True(report.GetProperty("spend_usd").GetDouble() > 0);
    }

    [Fact]
    public async Task What_judges_cost_is_not_the_tenants_and_is_in_no_report_over_all()
    {
        var tenant = judged.Of("model");
        var reply = (await tenant.ChatAsync(Question)).Ok();
        await tenant.DecisionAsync(reply.DecisionId, IsJudged);
        var policy = (await tenant.GetAsync("/v1/policy")).Ok().Json;
        Assert.Equal(0, policy.GetProperty("arms").EnumerateArray().Single(arm => arm.GetProperty("id").GetString() == "sim-judge-100").GetProperty("spend_usd").GetDouble());
    }

    [Fact]
    public async Task Two_answers_are_compared_in_both_orders()
    {
        var tenant = judged.Of("pairwise");
        var reply = (await tenant.ChatAsync(Question)).Ok();
        var decision = await tenant.DecisionAsync(reply.DecisionId, IsJudged);
        Assert.InRange(decision.GetProperty("reward").GetDouble(), 0, 1);
        await ReportAsync(tenant, judge => judge.GetProperty("verdicts").GetInt64() >= 1);
    }

    [Fact]
    public async Task A_purse_without_room_asks_nobody_and_costs_nothing()
    {
        var tenant = judged.Of("poor");
        (await tenant.ChatAsync(Question)).Ok();
        await Eventually.ReadAsync("the judge was to be asked", () => Task.FromResult(judged.Outcomes.ToArray()), outcomes => outcomes.Contains("poor: no_room"), outcomes => string.Join(", ", outcomes));
        Assert.Equal(0, (await tenant.GetAsync("/v1/judges")).Ok().Json.GetProperty("spend_usd").GetDouble());
    }

    [Fact]
    public async Task A_reference_that_the_request_brings_goes_to_judges_and_to_no_model()
    {
        var tenant = judged.Of("match");
        var reply = (await tenant.PostAsync("/v1/chat/completions", new { model = "auto", messages = new[] { new { role = "user", content = Question } }, metallm = new { expected = "391" } })).Ok();
        var decision = await tenant.DecisionAsync(reply.DecisionId, IsJudged);
        Assert.Equal("judge:same@1,long@1", decision.GetProperty("reward_source").GetString());
        Assert.Equal(reply.Text.Contains("391", StringComparison.Ordinal) ? 1 : 0.5, decision.GetProperty("reward").GetDouble());
        var without = (await tenant.ChatAsync(Question)).Ok();
        Assert.Equal("judge:long@1", (await tenant.DecisionAsync(without.DecisionId, IsJudged)).GetProperty("reward_source").GetString());
    }

    [Fact]
    public async Task What_is_no_verdict_counts_as_none()
    {
        var tenant = judged.Of("webhook");
        var unclear = (await tenant.ChatAsync(Question)).Ok();
        Assert.Equal("judge:json@1", (await tenant.DecisionAsync(unclear.DecisionId, IsJudged)).GetProperty("reward_source").GetString());
        var clear = (await tenant.PostAsync("/v1/chat/completions", new { model = "auto", messages = new[] { new { role = "user", content = Question } }, metallm = new { expected = "391" } })).Ok();
        var decision = await tenant.DecisionAsync(clear.DecisionId, IsJudged);
        Assert.Equal(("judge:code@1,json@1", 0.375), (decision.GetProperty("reward_source").GetString(), decision.GetProperty("reward").GetDouble()));
        Assert.Contains(judged.Asked, body => (string?)body["decision_id"] == clear.DecisionId && (string?)body["answer"] is { Length: > 0 });
    }

    [Fact]
    public async Task A_client_that_says_which_models_may_see_its_request_is_judged_by_none()
    {
        var tenant = judged.Of("match");
        var named = (await tenant.ChatAsync(Question, "sim-nano")).Ok();
        var free = (await tenant.ChatAsync(Question)).Ok();
        await tenant.DecisionAsync(free.DecisionId, IsJudged);
        Assert.False(IsJudged((await tenant.GetAsync($"/v1/decisions/{named.DecisionId}")).Ok().Json));
    }

    [Fact]
    public async Task A_judge_that_contradicts_people_is_switched_off()
    {
        var tenant = judged.Of("careless");
        for (var i = 0; i < 30; i++)
        {
            var reply = (await tenant.ChatAsync(Question)).Ok();
            var decision = (await Eventually.ReadAsync(
                "the answer is judged, or nobody is asked", async () => (Decision: (await tenant.GetAsync($"/v1/decisions/{reply.DecisionId}")).Json, Report: (await tenant.GetAsync("/v1/judges")).Json),
                read => IsJudged(read.Decision) || IsOff(read.Report), read => read.Report.ToString())).Decision;
            if (!IsJudged(decision))
            {
                break;
            }

            // It is always wrong, so that the truth contradicts it.
            (await tenant.PostAsync("/v1/feedback", new { decision_id = reply.DecisionId, reward = reply.Text.Contains("391", StringComparison.Ordinal) ? 1 : 0 })).Ok();
        }

        var report = await ReportAsync(tenant, judge => judge.GetProperty("status").GetString() == "off_error");
        Assert.Equal(0, report.GetProperty("judges")[0].GetProperty("weight").GetDouble());
    }

    private static bool IsOff(JsonElement report) => report.GetProperty("judges")[0].GetProperty("status").GetString() == "off_error";

    private static bool IsJudged(JsonElement decision) => decision.GetProperty("reward_source").ValueKind == JsonValueKind.String;

    private static async Task<JsonElement> ReportAsync(Client tenant, Func<JsonElement, bool> expected) => (await Eventually.ReadAsync(
        "the report is as expected", () => tenant.GetAsync("/v1/judges"), reply => expected(reply.Json.GetProperty("judges")[0]), reply => reply.Text)).Json;
}
