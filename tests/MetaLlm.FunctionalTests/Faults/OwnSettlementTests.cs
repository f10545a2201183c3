using MetaLlm.FunctionalTests.Upstreams;

namespace MetaLlm.FunctionalTests.Faults;

/// <summary>What a call costs is no business of its client, and a request that may cost more than is left is refused before it is sent.</summary>
public sealed class OwnSettlementTests(HostileUpstreams upstreams) : IClassFixture<HostileUpstreams>
{
    [Fact]
    public async Task A_client_cannot_settle_its_own_call_while_it_runs()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var one = upstreams.Case(async call =>
        {
            await call.EventAsync(Answers.Delta(new { content = "slowly" }));
            await goOn.Task.WaitAsync(call.Left);
            await Answers.EndAsync(call, new { prompt_tokens = 10, completion_tokens = 50, total_tokens = 60 });
        });
        using var response = await one.Client.StreamAsync(new { model = "a", stream = true, messages = new[] { new { role = "user", content = "x" } } });
        var id = response.Headers.GetValues("x-metallm-decision-id").Single();

        foreach (var report in (object[])[new { decision_id = id, reward = 1, cost_usd = 0 }, new { decision_id = id, reward = 1, latency_ms = 5 },
            new { decision_id = id, reward = 1, usage = new { prompt_tokens = 0, completion_tokens = 0 } }])
        {
            Assert.Equal((HttpStatusCode.Conflict, "outcome_not_reportable"), await StatusAsync(one.Client.PostAsync("/v1/feedback", report)));
        }

        goOn.SetResult();
        Assert.True((await StreamedReply.ReadAsync(response)).IsWhole);
        Assert.Equal((HttpStatusCode.Conflict, "outcome_not_reportable"), await StatusAsync(one.Client.PostAsync("/v1/feedback", new { decision_id = id, reward = 1, cost_usd = 0 })));
        var settlement = (await one.SettledAsync(id)).GetProperty("settlement");
        Assert.Equal(50, settlement.GetProperty("completion_tokens").GetDouble());
        Assert.Equal(10e-6 + (50 * 10e-6), settlement.GetProperty("cost_usd").GetDouble(), 12);
    }

    [Fact]
    public async Task A_request_that_may_cost_more_than_is_left_is_refused_and_told_what_would_fit()
    {
        var capped = upstreams.Gateway.With(UpstreamConfiguration.Key(HostileCase.Capped));
        var reply = await capped.PostAsync(
            "/v1/chat/completions", new { model = "auto", n = 64, max_tokens = 4096, messages = new[] { new { role = "user", content = "hi" } } });
        Assert.Equal((HttpStatusCode.PaymentRequired, "hard_cap_reached"), (reply.Status, reply.Code));
        Assert.Contains("max_tokens", reply.Message, StringComparison.Ordinal);
        Assert.True(int.Parse(reply.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture) > 0);

        (await capped.PostAsync("/v1/chat/completions", new { model = "auto", max_tokens = 100, messages = new[] { new { role = "user", content = "hi" } } })).Ok();
    }

    [Fact]
    public async Task What_a_client_does_not_wait_for_is_counted_to_the_end()
    {
        var one = upstreams.Case(async call =>
        {
            await call.EventAsync(Answers.Delta(new { content = "short" }));
            await call.EventAsync(Answers.Delta(new { }, "stop"));

            // Reasoning that no text shows: the count alone tells of it, and comes when the client has what it wants.
            await call.EventAsync(new { id = "u", choices = Array.Empty<object>(), usage = new { prompt_tokens = 10, completion_tokens = 900, total_tokens = 910, completion_tokens_details = new { reasoning_tokens = 899 } } });
            await call.DoneAsync();
        });
        using var response = await one.Client.StreamAsync(new { model = "a", stream = true, messages = new[] { new { role = "user", content = "x" } } });
        var id = response.Headers.GetValues("x-metallm-decision-id").Single();
        Assert.True(await (await response.Content.ReadAsStreamAsync()).ReadAsync(new byte[16]) > 0);
        response.Dispose();

        Assert.True((await one.SettledAsync(id)).GetProperty("settlement").GetProperty("completion_tokens").GetDouble() >= 900);
    }

    private static async Task<(HttpStatusCode, string)> StatusAsync(Task<Reply> sending)
    {
        var reply = await sending;
        return (reply.Status, reply.Code);
    }
}
