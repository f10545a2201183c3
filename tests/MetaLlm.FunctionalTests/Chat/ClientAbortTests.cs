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
}
