namespace MetaLlm.FunctionalTests.Durability;

/// <summary>A settlement that one process could not record is recorded by the next.</summary>
public sealed class SettlementFileTests
{
    [Fact]
    public async Task A_start_records_what_the_last_process_has_left_and_minds_no_torn_line()
    {
        var gateway = await RunningGateway.StartAsync();
        var directory = gateway.Directory;
        var id = (await gateway.Alpha.PostAsync("/v1/route", Client.Chat("x"))).Ok().DecisionId;
        await gateway.StopAsync();

        var spill = Path.Combine(directory, "settlements");
        Assert.False(Directory.Exists(spill));
        Directory.CreateDirectory(spill);
        var settlement = $$$"""{"Tenant":"alpha","Arm":"sim-nano","Settlement":{"DecisionId":"{{{id}}}","Outcome":0,"Usage":{"Input":7,"CachedInput":0,"Output":11},"CostUsd":0.25}}""";
        await File.WriteAllTextAsync(Path.Combine(spill, "settlements-1.jsonl"), $"{settlement}\n{settlement}\n{settlement[..40]}");

        await using var next = await RunningGateway.StartAsync(directory: directory);
        var decision = await next.Alpha.DecisionAsync(id, d => d.GetProperty("settlement").ValueKind != JsonValueKind.Null);
        Assert.Equal(0.25, decision.GetProperty("settlement").GetProperty("cost_usd").GetDouble());
        await Eventually.TrueAsync("the file is gone", () => Directory.GetFiles(spill).Length == 0, TimeSpan.FromSeconds(15));
        Assert.Equal(0.25, (await next.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("spend_usd").GetDouble());
    }
}
