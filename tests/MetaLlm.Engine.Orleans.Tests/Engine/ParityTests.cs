using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.InProcess;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.Orleans.Tests.Engine;

/// <summary>The same seed and the same calls give the same decisions and the same snapshot bytes on both engines.</summary>
public sealed class ParityTests
{
    private const string Tenant = "acme";

    [Theory]
    [InlineData(1)]
    [InlineData(20260105)]
    public async Task Both_engines_decide_alike_and_save_the_same_bytes(int seed)
    {
        await using var orleans = await OrleansEngineFixture.StartAsync(new InMemoryStoreFixture());
        var orleansDecisions = await PlayAsync(orleans.Engine, orleans.Time, (ulong)seed);
        await orleans.EvictIdleAsync();
        var orleansBytes = (await orleans.Snapshots.LoadAsync(Tenant, default))!.Snapshot;

        await using var store = new InMemoryStoreFixture();
        var time = new ManualTimeProvider();
        var metrics = TestTenants.Metrics();
        var services = new TenantRuntimeServices(
            store.Journal, store.Snapshots, new FixedEmbedder(), time, Options.Create(new TenantRuntimeOptions()), metrics, NullLogger<TenantRuntime>.Instance);
        List<DecisionRecord> inProcessDecisions;
        await using (var inProcess = new InProcessTenantEngine(
            services, store.Journal, Options.Create(new InProcessEngineOptions()), time, metrics, NullLogger<InProcessTenantEngine>.Instance))
        {
            inProcessDecisions = await PlayAsync(inProcess, time, (ulong)seed);
        }

        var inProcessBytes = (await store.Snapshots.LoadAsync(Tenant, default))!.Snapshot;
        Assert.InRange(inProcessDecisions.Count, 40, 200);
        Assert.Contains(inProcessDecisions, decision => decision.ChosenArm != inProcessDecisions[0].ChosenArm);
        Assert.Equivalent(inProcessDecisions, orleansDecisions, strict: true);
        Assert.Equal(
            (inProcessBytes.AppliedSequence, inProcessBytes.DecisionOrdinal), (orleansBytes.AppliedSequence, orleansBytes.DecisionOrdinal));
        Assert.True(inProcessBytes.State.Span.SequenceEqual(orleansBytes.State.Span));
    }

    private static async Task<List<DecisionRecord>> PlayAsync(ITenantEngine engine, ManualTimeProvider time, ulong seed)
    {
        var draws = 0UL;
        var decisions = new List<DecisionRecord>();
        await engine.ConfigureAsync(Tenant, TestTenants.Configuration(seed), default);
        for (var step = 0; step < 200; step++)
        {
            time.Advance(TimeSpan.FromSeconds(Draw(10)));
            switch (Draw(8))
            {
                case <= 2:
                    decisions.Add(await engine.DecideAsync(Tenant, TestTenants.Query(step), default));
                    break;
                case <= 4 when decisions.Count > 0:
                    var feedback = new FeedbackSubmission { DecisionId = Pick(), Reward = Draw(5) / 4.0, Weight = (1 + Draw(4)) / 4.0, IdempotencyKey = $"key-{Draw(3)}" };
                    await engine.SubmitFeedbackAsync(Tenant, [feedback], default);

                    // A description holds everything that was acknowledged, so the next decision rests on the same events on both engines.
                    await engine.DescribeAsync(Tenant, default);
                    break;
                case 5 when decisions.Count > 0:
                    await engine.SettleAsync(Tenant, Ended(Pick(), Draw(900)), default);
                    await engine.DescribeAsync(Tenant, default);
                    break;
                case 6 when decisions.Count > 0:
                    await engine.RerouteAsync(Tenant, new Reroute(Pick(), "large", Draw(10) / 100.0, "timeout"), default);
                    await engine.DescribeAsync(Tenant, default);
                    break;
                case 7:
                    await engine.ConfigureAsync(Tenant, TestTenants.Configuration(seed) with { PriceWeight = Draw(4) }, default);
                    break;
            }
        }

        await engine.DescribeAsync(Tenant, default);
        return decisions;

        int Draw(int below) => (int)(CounterRandom.Uniform(seed, draws++) * below);

        string Pick() => decisions[Draw(decisions.Count)].DecisionId;
    }

    private static Settlement Ended(string decisionId, int tokens) => new()
    {
        DecisionId = decisionId,
        Outcome = tokens % 7 == 0 ? CallOutcome.Cut : CallOutcome.Completed,
        Usage = new TokenUsage(100, 0, tokens),
        LatencySeconds = tokens / 100.0,
    };
}
