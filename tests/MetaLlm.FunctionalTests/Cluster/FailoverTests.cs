using System.Diagnostics;
using MetaLlm.FunctionalTests.Durability;
using MetaLlm.TestKit.Stores;
using Xunit.Abstractions;

namespace MetaLlm.FunctionalTests.Cluster;

/// <summary>A silo is gone without a word, or stands still: its tenants answer elsewhere, with the settings that hosts have by default.</summary>
[Collection(Alone.Name)]
public sealed class FailoverTests(ITestOutputHelper output)
{
    /// <summary>What is promised. It takes 2 to 4.5 seconds, on a machine with more work than it can do as well.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [PostgresTheory]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task Tenants_of_a_host_that_is_killed_or_frozen_answer_elsewhere_within_seconds(int hosts, bool frozen)
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        using (var cluster = new HostCluster(database, tenants: 12))
        {
            var victim = await cluster.StartAsync();
            var survivors = new List<HostProcess>();
            while (survivors.Count < hosts - 1)
            {
                survivors.Add(await cluster.StartAsync());
            }

            await AnswerSoonAsync(cluster, victim, survivors, frozen);
        }

        await server.DropDatabaseAsync(database);
    }

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_gateway_without_a_silo_finds_the_tenants_of_a_silo_that_is_killed_or_frozen_within_seconds(bool frozen)
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        using (var cluster = new HostCluster(database, tenants: 12))
        {
            var victim = await cluster.StartAsync("silo");
            await cluster.StartAsync("silo");
            await AnswerSoonAsync(cluster, victim, [await cluster.StartAsync("gateway")], frozen);
        }

        await server.DropDatabaseAsync(database);
    }

    /// <summary>The owner is away when the call ends; what it took is recorded once there is another owner.</summary>
    [PostgresFact]
    public async Task A_call_that_ends_while_its_owner_is_away_keeps_its_cost()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("slow", async (context, _) =>
        {
            await ScriptedUpstream.BeginAsync(context);
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("It begins."));
            await goOn.Task.WaitAsync(context.RequestAborted);
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("It ends.", "stop"));
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Usage(1000, 2000));
            await ScriptedUpstream.SendAsync(context, "[DONE]");
        });
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        using (var cluster = new HostCluster(database, tenants: 6, configure: configuration => upstream.Configure(configuration, "slow")))
        {
            // Whoever starts first has the tenants.
            var (owner, other) = (await cluster.StartAsync(), await cluster.StartAsync());
            var request = new { model = "slow", stream = true, messages = new[] { new { role = "user", content = "Tell me something." } } };
            var calls = await Task.WhenAll(cluster.Keys.Select(key => other.With(key).StreamAsync(request)));

            await owner.KillAsync();
            goOn.SetResult();
            foreach (var call in calls)
            {
                Assert.Equal("[DONE]", (await EventStream.ReadAsync(call))[^1]);
            }

            foreach (var (call, key) in calls.Zip(cluster.Keys))
            {
                var id = call.Headers.GetValues("x-metallm-decision-id").Single();
                call.Dispose();
                var decision = await other.With(key).DecisionAsync(id, found => found.TryGetProperty("settlement", out var settlement) && settlement.ValueKind == JsonValueKind.Object);
                var settled = decision.GetProperty("settlement");
                Assert.Equal("completed", settled.GetProperty("outcome").GetString());
                Assert.Equal(0.005, settled.GetProperty("cost_usd").GetDouble(), 9);
            }
        }

        await server.DropDatabaseAsync(database);
    }

    private async Task AnswerSoonAsync(HostCluster cluster, HostProcess victim, List<HostProcess> gateways, bool frozen)
    {
        foreach (var key in cluster.Keys)
        {
            await Patience.ServedAsync(_ => AskAsync(gateways[0], key));
        }

        var started = Stopwatch.GetTimestamp();
        await (frozen ? victim.FreezeAsync() : victim.KillAsync());
        var times = await Task.WhenAll(cluster.Keys.Select(async (key, i) =>
        {
            await Patience.ServedAsync(_ => AskAsync(gateways[i % gateways.Count], key));
            return Stopwatch.GetElapsedTime(started);
        }));

        output.WriteLine($"First answers after {times.Min().TotalSeconds:F1} to {times.Max().TotalSeconds:F1} s.");
        Assert.True(times.Max() < Soon, $"A tenant was away for {times.Max().TotalSeconds:F1} s.");
        foreach (var gateway in gateways)
        {
            (await gateway.Nobody.GetAsync("/health/ready")).Ok();
        }
    }

    private static Task<Reply> AskAsync(HostProcess host, string key) => host.With(key).PostAsync("/v1/route", Client.Chat("Which one?"));
}
