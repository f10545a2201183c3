using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MetaLlm.Simulator.Checking;

namespace MetaLlm.FunctionalTests.Cascades;

public sealed class CascadeTests
{
    [Fact]
    public async Task Doubtful_answers_are_escalated_which_earns_more_than_single_calls_at_the_same_spend_and_a_restart_keeps_what_was_learned()
    {
        await using var cascaded = await CascadedGateway.StartAsync();
        var tenant = cascaded.Of("whole");
        var asked = await AskAsync(tenant, 0, 300);
        var late = asked[150..];
        Assert.InRange(late.Count(one => one.Escalated), 30, 90);

        // Nothing in a question tells how hard it is: whoever calls one model each earns what a mix of both does.
        var (reward, usd) = (late.Average(one => one.Reward), late.Average(one => one.Usd));
        var alone = Enumerable.Range(150, 150).Average(i => CascadedGateway.IsRight(i) ? 1.0 : 0);
        var mixed = alone + ((1 - alone) * (usd - CascadedGateway.SmallUsd) / (CascadedGateway.LargeUsd - CascadedGateway.SmallUsd));
        Assert.True(reward > mixed + 0.05, $"{reward} at {usd} USD, where a mix of single calls earns {mixed}.");

        var policy = (await tenant.GetAsync("/v1/policy")).Ok().Json;
        var cascade = policy.GetProperty("cascade");
        Assert.Equal((300, 300), (cascade.GetProperty("weighed").GetInt32(), cascade.GetProperty("rewarded").GetInt32()));
        Assert.Equal(asked.Count(one => one.Escalated), cascade.GetProperty("escalated").GetInt32());
        Assert.Equal(asked.Sum(one => one.Usd), policy.GetProperty("spend_usd").GetDouble(), 9);
        Assert.Equal(0, policy.GetProperty("wasted_usd").GetDouble());

        await cascaded.RestartAsync();
        tenant = cascaded.Of("whole");
        Assert.Equal(policy.GetProperty("state_hash").GetString(), (await tenant.GetAsync("/v1/policy")).Ok().Json.GetProperty("state_hash").GetString());
        var escalated = await FirstEscalatedAsync(tenant, 1000);
        Assert.Equal(("large", "small", "2"), (escalated.Model, escalated.Headers["x-metallm-escalated-from"], escalated.Headers["x-metallm-attempts"]));
        Assert.Equal(CascadedGateway.SmallUsd, double.Parse(escalated.Headers["x-metallm-escalated-usd"], CultureInfo.InvariantCulture), 12);

        var decision = (await tenant.GetAsync($"/v1/decisions/{escalated.DecisionId}")).Ok().Json;
        Assert.Equal(("small", "large"), (decision.GetProperty("chosen_arm").GetString(), decision.GetProperty("served_arm").GetString()));
        Assert.Equal(["escalated", "completed"], decision.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString()));
        Assert.Equal([CascadedGateway.SmallUsd, CascadedGateway.LargeUsd], decision.GetProperty("attempts").EnumerateArray().Select(attempt => Math.Round(attempt.GetProperty("cost_usd").GetDouble(), 12)));
        var weighed = decision.GetProperty("cascade");
        Assert.Equal("large", weighed.GetProperty("escalated_to").GetString());
        Assert.InRange(weighed.GetProperty("doubt").GetDouble(), 0.5, 1);
        Assert.InRange(weighed.GetProperty("mean_log_probability").GetDouble(), -2.4, -0.9);

        // What each model costs is its own, and nothing of it is wasted.
        var usage = (await cascaded.Admin.GetAsync("/admin/v1/usage?tenant=whole&by=model")).Ok().Json.GetProperty("data").EnumerateArray().ToDictionary(row => row.GetProperty("group").GetString()!);
        policy = (await tenant.GetAsync("/v1/policy")).Ok().Json;
        Assert.Equal(policy.GetProperty("decisions").GetInt64() * CascadedGateway.SmallUsd, usage["small"].GetProperty("spend_usd").GetDouble(), 6);
        Assert.Equal(policy.GetProperty("cascade").GetProperty("second_usd").GetDouble(), usage["large"].GetProperty("spend_usd").GetDouble(), 6);
        Assert.All(usage.Values, row => Assert.Equal(0, row.GetProperty("wasted_usd").GetDouble()));
    }

    [Fact]
    public async Task A_confidence_that_is_always_the_same_escalates_nothing()
    {
        await using var cascaded = await CascadedGateway.StartAsync();
        Assert.DoesNotContain(await AskAsync(cascaded.Of("whole"), 0, 120, "Flat"), one => one.Escalated);
        Assert.DoesNotContain("large", cascaded.Called);
    }

    [Fact]
    public async Task Probabilities_are_asked_for_and_kept_from_clients_that_did_not_ask()
    {
        await using var cascaded = await CascadedGateway.StartAsync();
        var tenant = cascaded.Of("whole");
        var plain = (await tenant.ChatAsync("Question 1?")).Ok();
        Assert.Equal(JsonValueKind.Null, plain.Json.GetProperty("choices")[0].GetProperty("logprobs").ValueKind);
        Assert.True((bool?)cascaded.AskedSmall[^1]["logprobs"]);
        foreach (var wish in (bool?[])[true, false, null])
        {
            var reply = (await tenant.PostAsync("/v1/chat/completions", new { model = "auto", logprobs = wish, messages = new[] { new { role = "user", content = "Question 2?" } } })).Ok();
            Assert.True((bool?)cascaded.AskedSmall[^1]["logprobs"]);
            Assert.Equal(wish == true ? JsonValueKind.Object : JsonValueKind.Null, reply.Json.GetProperty("choices")[0].GetProperty("logprobs").ValueKind);
        }

        // A model that was named is not weighed, nor are several answers.
        var pinned = (await tenant.ChatAsync("Question 3?", "small")).Ok();
        Assert.Null(cascaded.AskedSmall[^1]["logprobs"]);
        Assert.Equal(JsonValueKind.Null, (await tenant.GetAsync($"/v1/decisions/{pinned.DecisionId}")).Ok().Json.GetProperty("cascade").ValueKind);
        (await tenant.PostAsync("/v1/chat/completions", new { model = "auto", n = 2, messages = new[] { new { role = "user", content = "Question 4?" } } })).Ok();
        Assert.Null(cascaded.AskedSmall[^1]["logprobs"]);
    }

    [Fact]
    public async Task Streams_pass_or_wait_as_the_tenant_says()
    {
        await using var cascaded = await CascadedGateway.StartAsync();
        var (passing, waiting) = (cascaded.Of("whole"), cascaded.Of("waiting"));
        await AskAsync(waiting, 0, 120);
        foreach (var question in CascadedGateway.Doubtful(2000).Take(3))
        {
            var (model, text, _) = await StreamAsync(passing, question);
            Assert.Equal(("small", $"The answer is {-question}."), (model, text));
        }

        Assert.Null(cascaded.AskedSmall[^1]["logprobs"]);
        var seen = new List<string>();
        foreach (var question in Enumerable.Range(3000, 40))
        {
            var (model, text, events) = await StreamAsync(waiting, question);
            seen.Add(model);
            Assert.Equal(model == "large" ? $"I am sure that it is {question}." : $"The answer is {(CascadedGateway.IsRight(question) ? question : -question)}.", text);
            Assert.DoesNotContain("\"logprob\"", events, StringComparison.Ordinal);
            Assert.EndsWith("data: [DONE]\n\n", events, StringComparison.Ordinal);
        }

        Assert.InRange(seen.Count(model => model == "large"), 4, 30);
    }

    [Fact]
    public async Task Where_the_second_model_fails_or_the_budget_has_no_room_for_it_the_first_answer_leaves()
    {
        await using var cascaded = await CascadedGateway.StartAsync();
        var tenant = cascaded.Of("whole");
        await AskAsync(tenant, 0, 120);
        var kept = new List<Reply>();
        foreach (var question in CascadedGateway.Doubtful(4000).Take(3))
        {
            var before = cascaded.Called.Count(model => model == "large");
            var reply = (await tenant.ChatAsync($"Fail {question}?")).Ok();
            Assert.Contains($"The answer is {-question}.", reply.Text, StringComparison.Ordinal);
            Assert.Equal("small", reply.Model);
            Assert.DoesNotContain("x-metallm-escalated-from", reply.Headers.Keys);
            if (cascaded.Called.Count(model => model == "large") > before)
            {
                kept.Add(reply);
            }
        }

        Assert.NotEmpty(kept);
        var decision = (await tenant.GetAsync($"/v1/decisions/{kept[0].DecisionId}")).Ok().Json;
        Assert.Equal("small", decision.GetProperty("served_arm").GetString());
        Assert.Equal(["server_error", "completed"], decision.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString()));
        Assert.Equal(JsonValueKind.Null, decision.GetProperty("cascade").GetProperty("escalated_to").ValueKind);

        // 0.025 USD, which no time of day spreads, pay for some fifteen second calls, and never for one more.
        var capped = await AskAsync(cascaded.Of("capped"), 0, 160);
        Assert.InRange(capped.Count(one => one.Escalated), 5, 17);
        Assert.DoesNotContain(capped[140..], one => one.Escalated);
        Assert.True((await cascaded.Of("capped").GetAsync("/v1/policy")).Ok().Json.GetProperty("spend_usd").GetDouble() <= 0.025);
    }

    [Fact]
    public async Task A_client_that_leaves_while_its_answer_is_held_is_charged_the_count_or_what_came()
    {
        await using var cascaded = await CascadedGateway.StartAsync();
        var waiting = cascaded.Of("waiting");
        foreach (var (word, tokens) in new[] { ("Count", 20_000.0), ("Silent", 50.0) })
        {
            // A client that leaves before the gateway has seen the answer begin is charged the prediction, as without a cascade: then it tries again.
            var charged = 0.0;
            for (var attempt = 0; attempt < 10 && charged < tokens * 1e-6; attempt++)
            {
                charged = await LeaveAsync(cascaded, waiting, $"{word} {attempt}?");
            }

            Assert.True(charged > 0.9 * tokens * 2e-6, $"{word}: {charged}");
        }
    }

    [Fact]
    public async Task A_checker_tells_as_well_as_probabilities_do()
    {
        await using var cascaded = await CascadedGateway.StartAsync();
        var asked = await AskAsync(cascaded.Of("checked"), 0, 160);
        Assert.Null(cascaded.AskedSmall[^1]["logprobs"]);

        // The pattern finds right answers alone, which have no sign before the number.
        Assert.InRange(asked[80..].Average(one => one.Reward), 0.9, 1);
        Assert.InRange(asked[80..].Count(one => one.Escalated), 20, 45);
        var verdict = (await cascaded.Of("checked").GetAsync($"/v1/decisions/{asked[^1].Reply.DecisionId}")).Ok().Json.GetProperty("cascade").GetProperty("verdict").GetDouble();
        Assert.Equal(CascadedGateway.IsRight(159) ? 1 : 0, verdict);
    }

    [Fact]
    public async Task The_built_in_simulator_shows_a_cascade_without_a_key()
    {
        var configuration = TestConfiguration.Create();
        var alpha = TestConfiguration.TenantAt(configuration, 0);
        alpha["policy"] = "cheapest";
        alpha["arms"] = new JsonArray(TestConfiguration.Arm("sim-nano"), TestConfiguration.Arm("sim-frontier"));
        (alpha["arms"]![1]!["inputUsdPerMillion"], alpha["arms"]![1]!["outputUsdPerMillion"]) = (10.0, 40.0);
        alpha["priceWeight"] = 20;
        alpha["cascade"] = new JsonObject { ["enabled"] = true };
        await using var gateway = await RunningGateway.StartAsync(configuration, simulator: options => options with { ConfidenceAuc = 0.99, TasksPerType = 20 });
        var (escalated, wrong) = (0, 0);
        foreach (var task in gateway.Simulator.Catalog.Draw(150, seed: 3))
        {
            var reply = (await gateway.Alpha.ChatAsync(task.Prompt)).Ok();
            var text = reply.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
            (await gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = reply.DecisionId, reward = AnswerChecker.IsCorrect(task, text) ? 1 : 0 })).Ok();
            var isEscalated = reply.Headers.ContainsKey("x-metallm-escalated-from");
            escalated += isEscalated ? 1 : 0;
            wrong += isEscalated && !gateway.Simulator.Truth.WouldAnswerCorrectly(gateway.Simulator.Models.Current("sim-nano"), task) ? 1 : 0;
        }

        Assert.InRange(escalated, 5, 100);
        Assert.True(wrong > 0.7 * escalated, $"{wrong} of {escalated} escalated answers were wrong.");
        var policy = (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json;
        Assert.Equal((150, escalated), (policy.GetProperty("cascade").GetProperty("weighed").GetInt32(), policy.GetProperty("cascade").GetProperty("escalated").GetInt32()));
    }

    private static async Task<double> LeaveAsync(CascadedGateway cascaded, Client tenant, string question)
    {
        var before = (await tenant.GetAsync("/v1/policy")).Ok().Json.GetProperty("spend_usd").GetDouble();
        var called = cascaded.AskedSmall.Count;
        while (cascaded.Left.Wait(0))
        {
        }

        using var leaving = new CancellationTokenSource();
        var calling = tenant.StreamAsync(new { model = "auto", stream = true, messages = new[] { new { role = "user", content = question } } }, leaving.Token);
        await cascaded.Streaming.WaitAsync(TimeSpan.FromSeconds(15));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        cascaded.Left.Release();
        var after = await Eventually.ReadAsync(
            "the call is settled",
            async () => (await tenant.GetAsync("/v1/policy")).Ok().Json,
            policy => policy.GetProperty("spend_usd").GetDouble() > before && policy.GetProperty("reserved_usd").GetDouble() == 0,
            policy => policy.ToString(),
            TimeSpan.FromSeconds(15));
        Assert.Equal(called + 1, cascaded.AskedSmall.Count);
        return after.GetProperty("spend_usd").GetDouble() - before;
    }

    private static async Task<List<CascadedGateway.Asked>> AskAsync(Client tenant, int from, int count, string word = "Question")
    {
        var asked = new List<CascadedGateway.Asked>(count);
        for (var i = from; i < from + count; i++)
        {
            asked.Add(await CascadedGateway.AskAsync(tenant, i, word));
        }

        return asked;
    }

    private static async Task<Reply> FirstEscalatedAsync(Client tenant, int from)
    {
        foreach (var question in CascadedGateway.Doubtful(from).Take(10))
        {
            if (await CascadedGateway.AskAsync(tenant, question) is { Escalated: true } asked)
            {
                return asked.Reply;
            }
        }

        throw new InvalidOperationException("No doubtful answer was escalated.");
    }

    private static async Task<(string Model, string Text, string Events)> StreamAsync(Client tenant, int question)
    {
        using var response = await tenant.StreamAsync(new { model = "auto", stream = true, messages = new[] { new { role = "user", content = $"Question {question}?" } } });
        var events = await response.Content.ReadAsStringAsync();
        var text = string.Concat(Regex.Matches(events, "\"content\":\"([^\"]*)\"").Select(match => match.Groups[1].Value));
        return (response.Headers.GetValues("x-metallm-model").Single(), text, events);
    }
}
