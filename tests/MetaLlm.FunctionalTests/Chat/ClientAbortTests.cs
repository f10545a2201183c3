using MetaLlm.Simulator.Faults;

namespace MetaLlm.FunctionalTests.Chat;

public sealed class ClientAbortTests
{
    [Fact]
    public async Task A_client_that_leaves_in_mid_stream_is_charged_for_what_it_got()
    {
        await using var gateway = await RunningGateway.StartAsync(TestConfiguration.Create(timeScale: 1));
        using var leaving = new CancellationTokenSource();
        var body = new { model = "sim-coder", stream = true, messages = new[] { new { role = "user", content = gateway.Simulator.Catalog.Tasks[0].Prompt } } };
        using var response = await gateway.Alpha.StreamAsync(body, leaving.Token);
        var id = response.Headers.GetValues("x-metallm-decision-id").Single();
        var stream = await response.Content.ReadAsStreamAsync();
        Assert.True(await stream.ReadAsync(new byte[64], leaving.Token) > 0);
        response.Dispose();

        var decision = await gateway.Alpha.DecisionAsync(id, d => d.GetProperty("settlement").ValueKind != JsonValueKind.Null);
        Assert.Equal("aborted", decision.GetProperty("settlement").GetProperty("outcome").GetString());
        Assert.True(decision.GetProperty("settlement").GetProperty("cost_usd").GetDouble() > 0);
    }

    [Fact]
    public async Task A_client_that_leaves_before_the_first_byte_leaves_no_open_reservation()
    {
        await using var gateway = await RunningGateway.StartAsync();
        gateway.Simulator.Faults.Add(new FaultRule { Kind = FaultKind.Timeout });
        using var leaving = new CancellationTokenSource();
        var body = new { model = "auto", messages = new[] { new { role = "user", content = "x" } } };
        var waiting = gateway.Alpha.StreamAsync(body, leaving.Token);
        var patience = TimeSpan.FromSeconds(15);
        await Eventually.TrueAsync("the call reaches the upstream", () => gateway.Simulator.Stats.Snapshot().Sum(s => s.Requests) > 0, patience);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Eventually.ReadAsync(
            "nothing stays reserved",
            async () => (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json,
            policy => policy.GetProperty("decisions").GetInt64() == 1 && policy.GetProperty("reserved_usd").GetDouble() == 0,
            policy => policy.ToString(),
            patience);
    }

    [Fact]
    public async Task A_client_that_leaves_before_the_count_is_charged_the_count()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("a", async (context, _) =>
        {
            await ScriptedUpstream.BeginAsync(context);
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("Hello.", "stop"));
            await left.Task.WaitAsync(context.RequestAborted);
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Usage(10, 20_000));
            await ScriptedUpstream.SendAsync(context, "[DONE]");
        });
        await using var gateway = await RunningGateway.StartAsync(upstream.Configure("a"));
        var response = await gateway.Alpha.StreamAsync(new { model = "a", stream = true, messages = new[] { new { role = "user", content = "x" } } });
        var id = response.Headers.GetValues("x-metallm-decision-id").Single();
        Assert.True(await (await response.Content.ReadAsStreamAsync()).ReadAsync(new byte[64]) > 0);
        response.Dispose();
        left.SetResult();

        var decision = await gateway.Alpha.DecisionAsync(id, d => d.GetProperty("settlement").ValueKind != JsonValueKind.Null);

        // The upstream may be done before the gateway hears that the client has gone.
        Assert.Contains(decision.GetProperty("settlement").GetProperty("outcome").GetString(), (string[])["aborted", "completed"]);
        Assert.Equal(20_000, decision.GetProperty("settlement").GetProperty("completion_tokens").GetDouble());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_leaves_a_silent_upstream_is_charged_what_was_predicted(bool stream)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("a", (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var gateway = await RunningGateway.StartAsync(upstream.Configure("a"));
        using var leaving = new CancellationTokenSource();
        var calling = gateway.Alpha.StreamAsync(new { model = "a", stream, messages = new[] { new { role = "user", content = "x" } } }, leaving.Token);
        await Eventually.TrueAsync("the upstream is called", () => !upstream.Called.IsEmpty, TimeSpan.FromSeconds(15));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);

        // 256 tokens are predicted of a model that nothing is known of.
        await Eventually.ReadAsync(
            "the prediction is charged",
            async () => (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json,
            policy => policy.GetProperty("spend_usd").GetDouble() > 256 * 2e-6 && policy.GetProperty("reserved_usd").GetDouble() == 0,
            policy => policy.ToString(),
            TimeSpan.FromSeconds(15));
    }
}
